"""How ESR spells names and dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.esr.spelling import competence_name, folded, is_ours, read_day, read_end, written
from workforce.imports.cells import FIRST_DAY, LAST_DAY, Wrong


@pytest.mark.parametrize(
    ("months", "name"),
    [
        (36, "457|LOCAL|SI SS-1 Systems thinking - 3 Years|"),
        (12, "457|LOCAL|SI SS-1 Systems thinking - 1 Year|"),
        (18, "457|LOCAL|SI SS-1 Systems thinking - 18 Months|"),
        (None, "457|LOCAL|SI SS-1 Systems thinking - No expiry|"),
    ],
)
def test_name_is_a_local_one_with_its_period_and_a_closing_pipe(months: int | None, name: str) -> None:
    assert competence_name("457", "SS-1", "Systems thinking", months) == name
    assert is_ours(name)


def test_pipe_in_the_name_of_a_capability_does_not_end_the_name() -> None:
    assert competence_name("457", "SS-1", "A|B", 36) == "457|LOCAL|SI SS-1 A/B - 3 Years|"


@pytest.mark.parametrize(
    "name", ["NHS|CSTF|Fire Safety - 2 Years|", "457|LOCAL|Moving people|", "000 Patient Safety Level 1", ""]
)
def test_names_of_others_are_not_ours(name: str) -> None:
    assert not is_ours(name)


@given(st.dates(min_value=FIRST_DAY, max_value=date(2099, 12, 31)))
def test_day_that_was_written_is_read_again(day: date) -> None:
    assert read_day(written(day)) == read_end(written(day)) == day


def test_day_is_written_as_esr_does() -> None:
    assert (written(date(2028, 11, 30)), written(None)) == ("30-Nov-2028", "No expiry")
    assert read_day("30-NOV-2028") == date(2028, 11, 30)
    assert read_end("no expiry") is None
    assert read_end("") is None


@pytest.mark.parametrize(
    "cell",
    [
        "30/11/2028",
        "2028-11-30",
        "31-Feb-2028",
        "30-Nob-2028",
        "30-Nov-28",
        "01-Jan-1900",
        "never",
        "٣٠-Nov-2028",
    ],
)
def test_other_days_are_refused_in_words(cell: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_day(cell)
    assert wrong.value.problem
    assert wrong.value.remedy


@given(st.text(max_size=60))
def test_any_text_is_a_day_between_the_first_and_the_last_or_wrong(cell: str) -> None:
    try:
        found = read_day(cell)
    except Wrong:
        return
    assert FIRST_DAY <= found < LAST_DAY


def test_dashes_case_spaces_and_a_closing_pipe_make_no_other_name() -> None:
    assert folded("000 Patient Safety  Level 1 – Essentials ") == folded(
        "000 PATIENT SAFETY Level 1 - essentials|"
    )
