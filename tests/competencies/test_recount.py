"""The worked coverage cases, counted person by person."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from competencies.coverage.recount import Expected, InPost, Person, Shown, count, months_after

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data/oracles/coverage_cases.json").read_text()
)
ON = date.fromisoformat(CASES["reporting_date"])
WARDS = {1: None, 2: None, 3: None}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def until(text: str | None) -> date | None:
    """The cases name the last day in; ranges here name the first day out."""
    last = day(text)
    return last + timedelta(1) if last else None


def shown(evidence: list[dict[str, Any]]) -> tuple[Shown, ...]:
    return tuple(
        Shown(e.get("capability", "X"), e["level"], date.fromisoformat(e["achieved"]), lapses(e["achieved"]))
        for e in evidence
        if not e.get("voided")
    )


def lapses(achieved: str) -> date:
    return months_after(date.fromisoformat(achieved), 36)


def person(case: dict[str, Any]) -> Person:
    start = date.fromisoformat(case["start"])
    posts = tuple(InPost(int(team[1]), "frontline", start, until(case.get("left"))) for team in case["teams"])
    leave = case.get("long_leave")
    away = ((date.fromisoformat(leave[0]), day(leave[1])),) if leave else ()
    return Person(posts, shown(case["evidence"]), away)


def mover(case: dict[str, Any]) -> Person:
    posts = tuple(
        InPost(int(p["team"][1]), p["tier"], date.fromisoformat(p["from"]), until(p["to"]))
        for p in case["posts"]
    )
    return Person(posts, shown(case["evidence"]), (), day(case["first_post"]))


def row(table: Any, node: int | None, tier: str, capability: str) -> dict[str, Any]:
    here = table["node_id"].isna() if node is None else table["node_id"] == node
    found = table[here & (table["tier_key"] == tier) & (table["capability_code"] == capability)]
    return (
        found.iloc[0].to_dict()
        if len(found)
        else dict.fromkeys(("numerator", "denominator", "not_yet_due"), 0)
    )


@pytest.mark.parametrize(("name", "node"), [("W1", 1), ("W2", 2), ("organisation", None)])
def test_twelve_people_count_as_worked_by_hand(name: str, node: int | None) -> None:
    expected = [Expected("X", CASES["expected_level"], 90, tier="frontline")]
    table = count([person(case) for case in CASES["people"]], expected, WARDS, ON)

    counted = row(table, node, "frontline", "X")

    wanted = CASES["expected"][name]
    keys = ("numerator", "denominator", "not_yet_due", "excluded")
    assert {k: counted[k] for k in keys} == {k: wanted[k] for k in keys}


def test_evidence_that_lapses_within_three_months_is_due_for_renewal() -> None:
    expected = [Expected("X", 2, 90, tier="frontline")]
    table = count([person(case) for case in CASES["people"] if case["id"] in "abd"], expected, WARDS, ON)
    # b lapses on 28 February 2027, three months after 30 November clipped to the end of the month; d tomorrow.
    assert row(table, 1, "frontline", "X")["due_for_renewal"] == 2


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_movers_count_as_worked_by_hand(name: str) -> None:
    extra = CASES["extra"]
    expected = [
        Expected(r["capability"], r["level"], extra["grace_days"][str(r["level"])], tier=r["tier"])
        for r in extra["requirements"].values()
    ]
    table = count([mover(case) for case in extra["people"]], expected, WARDS, ON)

    asked = extra["requirements"][name]
    counted = row(table, 3, asked["tier"], asked["capability"])

    wanted = extra["expected"]["W3"][name]
    assert {k: counted[k] for k in ("numerator", "denominator", "not_yet_due")} == {
        k: wanted[k] for k in ("numerator", "denominator", "not_yet_due")
    }


def in_post(tier: str, start: date, end: date | None = None, **more: Any) -> InPost:
    return InPost(1, tier, start, end, **more)


NURSE_TURNED_MANAGER = Person(
    (in_post("frontline", date(2020, 1, 1), date(2026, 1, 1)), in_post("managers", date(2026, 1, 1)))
)


@pytest.mark.parametrize(
    ("on", "counted_on_the_front_line"),
    [(date(2026, 3, 31), 1), (date(2026, 4, 1), 0), (date(2026, 12, 31), 0)],
)
def test_old_expectation_counts_until_the_new_one_falls_due(on: date, counted_on_the_front_line: int) -> None:
    expected = [Expected("X", 2, 90, tier="frontline"), Expected("X", 1, 90, tier="managers")]
    table = count([NURSE_TURNED_MANAGER], expected, WARDS, on)
    assert row(table, 1, "frontline", "X")["denominator"] == counted_on_the_front_line


@pytest.mark.parametrize(("on", "counted"), [(date(2026, 12, 31), 1), (date(2027, 1, 1), 0)])
def test_old_expectation_that_the_new_tier_lacks_counts_for_its_grace_from_the_change(
    on: date, counted: int
) -> None:
    table = count([NURSE_TURNED_MANAGER], [Expected("X", 3, 365, tier="frontline")], WARDS, on)
    assert row(table, 1, "frontline", "X")["denominator"] == counted


def test_person_in_two_tiers_is_judged_in_each() -> None:
    both = Person((in_post("frontline", date(2020, 1, 1)), in_post("managers", date(2020, 1, 1))))
    expected = [Expected("X", 2, 90, tier="frontline"), Expected("X", 3, 365, tier="managers")]
    table = count([both], expected, WARDS, ON)
    assert [row(table, None, t, "X")["denominator"] for t in ("frontline", "managers")] == [1, 1]


@pytest.mark.parametrize(("days", "excluded"), [(28, 0), (29, 1)])
def test_only_leave_over_28_days_is_left_out(days: int, excluded: int) -> None:
    away = Person((in_post("frontline", date(2020, 1, 1)),), leave=((ON, ON + timedelta(days)),))
    table = count([away], [Expected("X", 2, 90, tier="frontline")], WARDS, ON)
    assert row(table, None, "frontline", "X")["excluded"] == excluded


@pytest.mark.parametrize(("days", "rows"), [(1, 2), (364, 2), (365, 0)])
def test_leaver_is_counted_as_left_for_a_year(days: int, rows: int) -> None:
    left = Person((in_post("frontline", date(2020, 1, 1), ON - timedelta(days)),))
    table = count([left], [Expected("X", 2, 90, tier="frontline")], WARDS, ON)
    assert len(table) == rows


def test_overlay_replaces_what_the_tier_asks_and_may_take_it_away() -> None:
    director = Person((in_post("board", date(2020, 1, 1), overlays=frozenset({"non_executive"})),))
    expected = [
        Expected("LC-5", 4, 730, tier="board"),
        Expected("LC-3", 4, 730, tier="board"),
        Expected("LC-5", 3, 365, overlay="non_executive"),
        Expected("LC-3", 0, 0, overlay="non_executive"),
    ]
    table = count([director], expected, WARDS, ON)
    assert set(table["capability_code"]) == {"LC-5"}


@pytest.mark.parametrize(
    ("overlays", "meets", "asked"),
    [
        ((), True, 1),  # the tier asks level 2, and that is held
        (("lower",), True, 1),
        (("higher",), False, 1),
        (("lower", "higher"), False, 1),
        (("none",), False, 0),
        (("none", "lower"), True, 1),
    ],
)
def test_the_higher_of_two_overlays_counts_in_place_of_the_tier(
    overlays: tuple[str, ...], meets: bool, asked: int
) -> None:
    holder = Person(
        (in_post("frontline", date(2020, 1, 1), overlays=frozenset(overlays)),),
        (Shown("X", 2, date(2020, 1, 1)),),
    )
    expected = [
        Expected("X", 2, 90, tier="frontline"),
        Expected("X", 0, 0, overlay="none"),
        Expected("X", 1, 90, overlay="lower"),
        Expected("X", 3, 90, overlay="higher"),
    ]
    found = row(count([holder], expected, WARDS, ON), 1, "frontline", "X")
    assert (found["numerator"], found["denominator"]) == (int(meets), asked)


def test_team_below_counts_in_its_parent_once() -> None:
    twice = Person((InPost(2, "frontline", date(2020, 1, 1)), InPost(3, "frontline", date(2020, 1, 1))))
    table = count([twice], [Expected("X", 2, 90, tier="frontline")], {1: None, 2: 1, 3: 1}, ON)
    assert [row(table, node, "frontline", "X")["denominator"] for node in (None, 1, 2, 3)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 15), 36, date(2029, 12, 15)),
    ],
)
def test_months_after_clips_to_month_end(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end
