from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workforce.imports.settling import Span, settle

ON = date(2026, 11, 22)


def span(
    start: date, end: date | None = None, *, key: str = "ward", detail: str = "", row: int | None = None
) -> Span:
    return Span(key, start, end, detail, row)


def test_stated_again_stays() -> None:
    believed = span(date(2020, 1, 1), row=1)

    settled = settle([believed], [span(date(2020, 1, 1))], ON)

    assert (settled.kept, settled.superseded, settled.added) == ([believed], [], [])


def test_no_longer_stated_ends_on_the_day() -> None:
    believed = span(date(2020, 1, 1), row=1)

    settled = settle([believed], [], ON)

    assert (settled.superseded, settled.added) == ([believed], [span(date(2020, 1, 1), ON)])


def test_what_had_ended_stays_and_what_would_begin_is_cancelled() -> None:
    past, future = span(date(2020, 1, 1), ON, row=1), span(date(2026, 12, 1), row=2)

    settled = settle([past, future], [], ON)

    assert (settled.kept, settled.superseded, settled.added) == ([past], [future], [])


def test_another_start_corrects_and_another_detail_corrects() -> None:
    believed = span(date(2020, 1, 1), row=1)
    for right in (span(date(2020, 2, 1)), span(date(2020, 1, 1), detail="bank"), span(date(2020, 1, 1), ON)):
        settled = settle([believed], [right], ON)

        assert (settled.superseded, settled.added) == ([believed], [right])


def test_a_later_start_does_not_wipe_out_the_years_before() -> None:
    believed, again = span(date(2020, 1, 1), row=1), span(date(2027, 1, 1))

    settled = settle([believed], [again], ON)

    assert settled.added == [span(date(2020, 1, 1), ON), again]


DAYS = st.dates(date(2026, 10, 1), date(2026, 12, 31))


@st.composite
def histories(draw: st.DrawFn) -> list[Span]:
    """Spans that do not overlap themselves, as the database would hold them."""
    found: list[Span] = []
    for number in range(draw(st.integers(0, 5))):
        start = draw(DAYS)
        days = draw(st.one_of(st.none(), st.integers(1, 40)))
        end = None if days is None else start + timedelta(days=days)
        new = Span(draw(st.sampled_from("ab")), start, end, draw(st.sampled_from("xy")), number)
        if not any(new.overlaps(old) for old in found):
            found.append(new)
    return found


@given(believed=histories(), stated=histories(), on=DAYS)
def test_settling_never_overlaps_states_all_and_is_stable(
    believed: list[Span], stated: list[Span], on: date
) -> None:
    stated = [Span(each.key, each.start, each.end, each.detail) for each in stated]

    settled = settle(believed, stated, on)

    now = settled.now
    assert not any(a.overlaps(b) for position, a in enumerate(now) for b in now[:position])
    assert all(any(each.is_as(wanted) for each in now) for wanted in stated)
    assert all(each.end is not None and each.end <= on for each in now if not any(map(each.is_as, stated)))
    again = settle(now, stated, on)
    assert (again.superseded, again.added) == ([], [])
