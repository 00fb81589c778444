"""Cells in, values out. Each function raises `Wrong` with what is wrong and what to do."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from workforce.imports.faults import shown

FIRST_DAY = date(1948, 7, 5)  # the first day of the NHS
LAST_DAY = date(2100, 1, 1)
_DATE_FORMATS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
)


class Wrong(ValueError):
    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} {remedy}")


def text(value: str, longest: int) -> str:
    """Text that must be there and that fits in `longest` characters."""
    if not value:
        raise Wrong("This cell is blank.", "Fill it in.")
    if len(value) > longest:
        raise Wrong(f"{shown(value)} is longer than {longest} characters.", "Shorten it.")
    if not value.isprintable():
        raise Wrong(f"{shown(value)} holds a line break or a hidden character.", "Type it again.")
    return value


def email(value: str) -> str | None:
    """An e-mail address in lower case, or None for a blank cell."""
    if not value:
        return None
    try:
        validate_email(value if value.isascii() else "")
    except ValidationError as error:
        raise Wrong(f"{shown(value)} is not an e-mail address.", "Correct it, or leave it blank.") from error
    return text(value.lower(), 254)


def day(value: str) -> date | None:
    """A day written as 2026-11-30, 30/11/2026 or 20261130, or None for a blank cell."""
    if not value:
        return None
    match = next(filter(None, (pattern.fullmatch(value) for pattern in _DATE_FORMATS)), None)
    if match is None:
        raise Wrong(
            f"{shown(value)} is not a date that can be read.", "Write it as 2026-11-30 or 30/11/2026."
        )
    try:
        found = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError as error:
        raise Wrong(
            f"{shown(value)} is not a day in the calendar.", "Write the day before the month."
        ) from error
    if not FIRST_DAY <= found < LAST_DAY:
        raise Wrong(f"{shown(value)} is before 5 July 1948 or after 2099.", "Check the year.")
    return found
