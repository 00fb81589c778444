"""From statements to evidence to holdings, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.derivation import Rule, Shown, Validity, awards_from, holdings_from
from workforce.months import months_after

CHECK, LOG = UUID(int=1), UUID(int=2)
PASSED, VERIFIED = "passed", "verified"
KNOWN = datetime(2026, 1, 1, 9, tzinfo=UTC)
THREE_YEARS = Validity([(date(2020, 1, 1), {1: 36, 2: 36, 3: 36, 4: 36})])


def shown(
    number: int, activity: UUID, verb: str, on: date, hours: int = 0, voided: int | None = None
) -> Shown:
    return Shown(
        UUID(int=number),
        activity,
        verb,
        on,
        KNOWN + timedelta(hours=hours),
        None if voided is None else KNOWN + timedelta(hours=voided),
    )


def rule(activity: UUID, verb: str, level: int, after: tuple[UUID, str] | None = None) -> Rule:
    return Rule(activity, verb, 7, level, (after,) if after else (), None, None)


def rows(statements: list[Shown], rules: list[Rule]) -> list[tuple[int, date, bool]]:
    awards = awards_from(statements, rules, THREE_YEARS)
    return sorted((a.level, a.achieved, a.withdrawn_at is None) for a in awards)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2023, 11, 30), 36, date(2026, 11, 30)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2023, 12, 31), 1, date(2024, 1, 31)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
    ],
)
def test_months_after_keeps_the_day_or_the_last_of_the_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_passed_check_gives_its_level() -> None:
    assert rows([shown(1, CHECK, PASSED, date(2026, 1, 1))], [rule(CHECK, PASSED, 2)]) == [
        (2, date(2026, 1, 1), True)
    ]


def test_level_three_renews_levels_one_and_two() -> None:
    found = rows([shown(1, LOG, VERIFIED, date(2026, 1, 1))], [rule(LOG, VERIFIED, 3)])
    assert [level for level, _, _ in found] == [1, 2, 3]


def test_practice_confirmed_before_the_check_waits_for_it() -> None:
    waits = rule(LOG, VERIFIED, 3, after=(CHECK, PASSED))
    early = shown(1, LOG, VERIFIED, date(2026, 1, 1))
    assert rows([early], [waits]) == []
    later = shown(2, CHECK, PASSED, date(2026, 2, 1), hours=5)
    assert rows([early, later], [waits])[-1] == (3, date(2026, 2, 1), True)


def test_a_portfolio_waits_for_the_practice_and_for_the_check() -> None:
    portfolio = UUID(int=3)
    rules = [
        rule(LOG, VERIFIED, 3, after=(CHECK, PASSED)),
        rule(portfolio, VERIFIED, 4, after=(LOG, VERIFIED)),
    ]
    done = [
        shown(1, LOG, VERIFIED, date(2026, 1, 1)),
        shown(2, portfolio, VERIFIED, date(2026, 1, 2), hours=1),
    ]
    assert rows(done, rules) == []
    later = shown(3, CHECK, PASSED, date(2026, 2, 1), hours=2)
    assert rows([*done, later], rules)[-1] == (4, date(2026, 2, 1), True)


def test_voiding_the_check_withdraws_what_waited_for_it() -> None:
    waits = rule(LOG, VERIFIED, 3, after=(CHECK, PASSED))
    statements = [
        shown(1, LOG, VERIFIED, date(2026, 1, 1)),
        shown(2, CHECK, PASSED, date(2026, 1, 1), hours=1, voided=4),
        shown(3, CHECK, PASSED, date(2026, 3, 1), hours=9),
    ]
    levels_three = [row for row in rows(statements, [waits]) if row[0] == 3]
    assert levels_three == [(3, date(2026, 1, 1), False), (3, date(2026, 3, 1), True)]


def test_a_rule_gives_nothing_outside_its_days() -> None:
    ended = Rule(CHECK, PASSED, 7, 2, (), date(2026, 1, 1), date(2026, 2, 1))
    statements = [shown(1, CHECK, PASSED, date(2025, 12, 31)), shown(2, CHECK, PASSED, date(2026, 2, 1))]
    assert rows(statements, [ended]) == []


def test_validity_follows_the_edition_in_force() -> None:
    two = Validity([(date(2026, 6, 1), {2: 12}), (date(2020, 1, 1), {2: None})])
    assert two.expires(date(2026, 5, 31), 2) is None
    assert two.expires(date(2026, 6, 1), 2) == date(2027, 6, 1)
    assert two.expires(date(2019, 1, 1), 2) is None


def test_a_lapsed_level_three_falls_back_to_two() -> None:
    evidence = [(2, date(2026, 1, 1), date(2029, 1, 1)), (3, date(2026, 3, 1), date(2027, 3, 1))]
    assert holdings_from(evidence) == [
        (2, date(2026, 1, 1), date(2026, 3, 1)),
        (3, date(2026, 3, 1), date(2027, 3, 1)),
        (2, date(2027, 3, 1), date(2029, 1, 1)),
    ]


def test_renewal_without_a_break_is_one_holding() -> None:
    evidence = [(2, date(2026, 1, 1), date(2027, 1, 1)), (2, date(2026, 6, 1), None)]
    assert holdings_from(evidence) == [(2, date(2026, 1, 1), None)]


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
evidence_rows = st.lists(
    st.tuples(st.integers(1, 4), days, st.none() | st.integers(1, 40)).map(
        lambda row: (row[0], row[1], None if row[2] is None else row[1] + timedelta(days=row[2]))
    ),
    max_size=8,
)


@given(evidence_rows)
def test_holdings_say_the_highest_current_level_on_each_day(
    rows: list[tuple[int, date, date | None]],
) -> None:
    held = holdings_from(rows)
    for offset in range(120):
        day = date(2025, 12, 20) + timedelta(days=offset)
        best = max((lv for lv, start, end in rows if start <= day and (end is None or day < end)), default=0)
        now = [lv for lv, start, end in held if start <= day and (end is None or day < end)]
        assert now == ([best] if best else [])
