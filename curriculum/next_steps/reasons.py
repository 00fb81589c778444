"""Why a module, in words: which gaps it closes and by when. Kind about days that have passed."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.text import get_text_list

from competencies.queries import Expectation

from ..models.pages import PATIENTS
from .standing import Standing

MOST_NAMED = 6


def reason(standing: Standing, on: date) -> str:
    """One or two sentences; empty where nothing is expected.

    No day is named where the module cannot be started yet, nor to patient representatives: none presses them.
    """
    if not standing.closes:
        return f"Takes you part of the way in {_names(standing.helps)}." if standing.helps else ""
    if all(gap.tier_key == PATIENTS for gap in standing.closes):
        return f"Helps you with {_names(standing.closes)}."
    number = len(standing.closes)
    start = "Closes 1 gap" if number == 1 else f"Closes {number} gaps"
    days = f" {when(standing.closes, on)}" if standing.is_startable else ""
    return f"{start}: {_named(standing.closes)}.{days}"


def when(gaps: Sequence[Expectation], on: date) -> str:
    """By which day; the soonest stands for all of them. A day that has passed is simply now."""
    first = min(gap.due for gap in gaps)
    day = f"by {date_format(first, 'j F Y')}" if first >= on else "now"
    if len(gaps) == 1:
        return f"It is due {day}."
    if len({gap.due for gap in gaps}) == 1:
        return f"They are due {day}."
    return f"The first is due {day}."


def _named(gaps: Sequence[Expectation]) -> str:
    named = [f"{_name(gap)} at level {gap.level}" for gap in gaps]
    rest = len(named) - MOST_NAMED
    return get_text_list([*named[:MOST_NAMED], f"{rest} more"] if rest > 0 else named, "and")


def _names(gaps: Sequence[Expectation]) -> str:
    return get_text_list([_name(gap) for gap in gaps], "and")


def _name(gap: Expectation) -> str:
    return f"{gap.name} (local)" if gap.local_to else gap.name
