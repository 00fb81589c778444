"""Small numbers: the published rules, and what a reader can work out, tried by brute force."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.coverage import disclosure
from competencies.coverage.disclosure import (
    Bounds,
    Knowledge,
    Pair,
    Slack,
    audit,
    cover_alone,
    cover_pairs,
    exact_percent,
    hidden_inside,
    number_text,
    protect,
    rounded,
    rounded_percent,
)
from competencies.coverage.tables import COLUMNS

from .rows import row

ORACLES = json.loads((Path(__file__).parents[1] / "data/oracles/oracles.json").read_text())


@pytest.mark.parametrize(("count", "text"), ORACLES["sdc_nhsd_style"].items())
def test_counts_are_rounded_as_nhs_digital_does(count: str, text: str) -> None:
    assert number_text(rounded(int(count))) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        (15, 35, None),  # under 40: not shown
        (15, 40, 40.0),  # 37.5, nearest ten
        (10, 40, 30.0),  # 25: a half goes up
        (0, 40, 0.0),
        (40, 40, 100.0),
        (150, 395, 40.0),
        (150, 400, 38.0),  # 37.5: a half goes up
        (3995, 4000, 99.9),  # 99.875, one decimal place
        (1500, 3995, 38.0),
        (None, 400, None),
        (40, None, None),
    ],
)
def test_percentages_come_from_rounded_figures_and_are_as_precise_as_the_group_is_large(
    numerator: int | None, denominator: int | None, percent: float | None
) -> None:
    assert rounded_percent(numerator, denominator) == percent


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(5, 8, 63), (199, 200, 99), (1, 300, 1), (0, 9, 0), (0, 0, None)]
)
def test_inside_percentage_says_100_only_of_everybody(part: int, whole: int, percent: float | None) -> None:
    assert exact_percent(part, whole) == percent


def outside(*rows: object) -> pd.DataFrame:
    return protect(pd.DataFrame(rows, columns=list(COLUMNS)), "outside")


def test_28_of_30_is_not_published_as_all_of_them() -> None:
    shown = outside(row(met=28, due=30)).iloc[0]
    assert (shown["numerator_text"], shown["denominator_text"], shown["coverage_percent_text"]) == (
        "*",
        "30",
        "not shown",
    )


def test_all_protected_counts_follow_the_rule() -> None:
    shown = outside(row(met=62, due=81, not_yet_due=7, excluded=12, due_for_renewal=3)).iloc[0]
    names = ("numerator", "denominator", "coverage_percent", "not_yet_due", "excluded", "due_for_renewal")
    assert [shown[f"{name}_text"] for name in names] == ["60", "80", "80%", "*", "*", "*"]
    assert shown[["not_yet_due", "not_yet_due_share", "due_for_renewal"]].isna().all()


def test_nothing_outside_but_multiples_of_five() -> None:
    shown = outside(row(met=313, due=414, not_yet_due=33), *(row(n, met=n, due=30 + n) for n in range(1, 20)))
    for name in disclosure.MEASURES:
        assert (shown[name].dropna() % 5 == 0).all()


def test_outside_needs_a_total() -> None:
    with pytest.raises(ValueError, match="without a total"):
        outside(row(1, met=5, due=50))


def tree(*children: int) -> dict[int, int | None]:
    return {0: None, **dict.fromkeys(range(1, len(children) + 1), 0)}


def sizes(*children: int) -> dict[int, int]:
    return {0: sum(children), **dict(enumerate(children, start=1))}


@pytest.mark.parametrize(
    ("children", "hidden"),
    [
        ((12, 15, 40), set()),
        ((9, 15, 40), {1, 2}),  # one hidden child: the next smallest too
        ((9, 9, 40), {1, 2}),  # two that make 18: nothing more to hide
        ((3, 4, 15, 40), {1, 2, 3}),  # two that make 7, which subtraction would show
        ((0, 15, 40), set()),  # nobody there: nothing to hide
        ((4, 3), {0, 1, 2}),  # the whole is under 10
    ],
)
def test_inside_hides_small_teams_and_what_subtraction_would_show(
    children: tuple[int, ...], hidden: set[int]
) -> None:
    assert hidden_inside(sizes(*children), tree(*children)) == hidden


def test_division_hidden_for_another_cannot_be_added_up_from_its_wards() -> None:
    # Division 1 has 5 people, so division 2 is hidden too; its wards 3 and 4 must not give it away.
    parents = {0: None, 1: 0, 2: 0, 3: 2, 4: 2}
    assert hidden_inside({0: 32, 1: 5, 2: 27, 3: 12, 4: 15}, parents) == {1, 2, 3}


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_inside_leaves_no_group_under_ten_after_subtraction(children: list[int]) -> None:
    total = sizes(*children)
    hidden = hidden_inside(total, tree(*children))
    unseen = [total[n] for n in hidden if n]
    assert 0 in hidden or not unseen or (len(unseen) >= 2 and sum(unseen) >= 10)


def test_hidden_row_inside_holds_no_number_at_all() -> None:
    rows = [row(met=30, due=60), row(1, met=5, due=9), row(2, met=5, due=11), row(3, met=20, due=40)]
    shown = protect(pd.DataFrame(rows, columns=list(COLUMNS)), "inside")
    hidden = shown[shown["hidden"]]
    assert list(hidden["node"]) == [1, 2]
    assert hidden[[*disclosure.MEASURES, *disclosure.SHARES]].isna().all(axis=None)
    assert list(hidden["numerator_text"]) == ["fewer than 10", "hidden to protect a smaller group"]


# What a reader can work out


def test_audit_finds_a_part_by_subtraction() -> None:
    hidden = Knowledge((1, 7), (0, 7), (0, 7), frozenset({"due"}))
    found = audit(Knowledge((20, 20), (5, 5), (15, 15)), [Knowledge((17, 17), (5, 5), (12, 12)), hidden], {})
    assert found[2].due == (3, 3)
    assert found[2].met == (0, 0)


def test_audit_uses_that_the_numerator_cannot_exceed_the_denominator() -> None:
    hidden = Knowledge((1, 7), (4, 7), (0, 7), frozenset({"due"}))
    elsewhere = Slack(elsewhere=disclosure.ANYTHING)
    assert audit(hidden, [], dict.fromkeys(("due", "met", "unmet"), elsewhere))[0].due == (4, 7)


def test_many_ones_are_not_given_away_by_their_rounded_sum() -> None:
    # Twelve teams with 1 person each: shown as 10 in all, so each "1 to 7" could only be a 1. All are withdrawn.
    assert {cover.because_small for cover in cover_alone([12] + [1] * 12)[1:]} == {False}


def pairs_within(known: Knowledge, most: int) -> list[tuple[int, int]]:
    """Every (met, due) that one row alone allows."""
    return [
        (met, due)
        for due in range(max(0, known.due[0]), min(known.due[1], most) + 1)
        for met in range(max(0, known.met[0]), min(known.met[1], due) + 1)
        if known.unmet[0] <= due - met <= known.unmet[1]
    ]


def sums(options: Iterable[Sequence[tuple[int, int]]]) -> set[tuple[int, int]]:
    reached = {(0, 0)}
    for choices in options:
        reached = {(a + c, b + d) for a, b in reached for c, d in choices}
    return reached


def fewest_possible(pairs: Sequence[Pair]) -> int:
    """By trying everything: the fewest values that remain for any hidden figure, where the parts add up."""
    most = max(pair.due for pair in pairs) + 8
    options = [pairs_within(pair.knowledge(), most) for pair in pairs]
    told_of_everybody = pairs[0].met_cover.shown and pairs[0].met in (0, pairs[0].due)
    fewest = most
    for i, pair in enumerate(pairs[1:], start=1):
        others = sums(options[1:i] + options[i + 1 :])
        totals = set(options[0])
        possible = [(m, d) for m, d in options[i] if any((m + a, d + b) in totals for a, b in others)]
        if not pair.due_cover.shown:
            fewest = min(fewest, len({d for _, d in possible}))
        if not pair.met_cover.shown and not told_of_everybody:
            fewest = min(fewest, len({m for m, _ in possible}), len({d - m for m, d in possible}))
    return fewest


PAIRS = st.integers(0, 14).flatmap(lambda due: st.tuples(st.integers(0, due), st.just(due)))


@settings(max_examples=150, deadline=None)
@given(st.lists(PAIRS, min_size=1, max_size=4))
def test_brute_force_leaves_three_values_for_every_hidden_figure(parts: list[tuple[int, int]]) -> None:
    total = (sum(met for met, _ in parts), sum(due for _, due in parts))
    assert fewest_possible(cover_pairs([total, *parts])) >= disclosure.LEAST_FEASIBLE


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.integers(0, 3).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), min_size=4, max_size=7
    )
)
def test_brute_force_of_many_tiny_teams(parts: list[tuple[int, int]]) -> None:
    total = (sum(met for met, _ in parts), sum(due for _, due in parts))
    assert fewest_possible(cover_pairs([total, *parts])) >= disclosure.LEAST_FEASIBLE


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(-3, 30))
def test_brute_force_of_a_count_that_stands_alone(parts: list[int], difference: int) -> None:
    total = max(sum(parts) + difference, max(parts))
    covers = cover_alone([total, *parts])
    bounds: list[Bounds] = [c.bounds(n) for c, n in zip(covers, [total, *parts], strict=True)]
    slack = Slack.between(total, parts)
    for i, cover in enumerate(covers[1:], start=1):
        if not cover.shown:
            rest = bounds[1:i] + bounds[i + 1 :] + [slack.elsewhere]
            low, high = sum(b[0] for b in rest), sum(b[1] for b in rest)
            possible = [
                n
                for n in range(bounds[i][0], min(bounds[i][1], 60) + 1)
                if low + n <= bounds[0][1] + slack.twice and high + n >= bounds[0][0] + slack.twice
            ]
            assert len(possible) >= disclosure.LEAST_FEASIBLE


def test_one_capability_does_not_give_away_what_another_hides() -> None:
    """Due and not yet due add up to the same people, so both stand hidden for the whole tier."""
    from_one, from_other = (
        row(capability_code=code, numerator=40, denominator=due, not_yet_due=waiting)
        for code, due, waiting in (("SS-1", 73, 1), ("SS-5", 67, 7))
    )
    shown = protect(pd.DataFrame([from_one, from_other]), "outside")
    assert list(shown["not_yet_due_text"]) == ["*", "*"]
    open_one = row(capability_code="SS-1", numerator=40, denominator=74, not_yet_due=0)
    shown = protect(pd.DataFrame([open_one, from_other]), "outside")
    assert list(shown["not_yet_due_text"]) == ["*", "*"]
