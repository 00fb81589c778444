"""How ESR spells names, dates and the lack of an end. No database.

Competence names stand between pipes with a closing one. Ours are local names of the organisation, never national
ones such as those of the Core Skills Training Framework (NHS|CSTF|…).
"""

import re
from datetime import date

from workforce.imports.cells import FIRST_DAY, LAST_DAY, Wrong
from workforce.imports.faults import shown

NO_EXPIRY = "No expiry"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
REMEDY = "Write it as 30-Nov-2028."
_DAY = re.compile(r"(?P<day>[0-9]{1,2})-(?P<month>[A-Za-z]{3})-(?P<year>[0-9]{4})")
_OURS = re.compile(r"[0-9]{3}\|LOCAL\|SI [A-Za-z0-9-]+ .*\|", re.DOTALL | re.ASCII)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def competence_name(vpd: str, code: str, name: str, validity_months: int | None) -> str:
    """The name of a capability in ESR, with how long its level stays current."""
    return f"{vpd}|LOCAL|SI {code} {name.replace('|', '/')} - {_period(validity_months)}|"


def _period(months: int | None) -> str:
    if months is None:
        return NO_EXPIRY
    number, unit = (months // 12, "Year") if months % 12 == 0 else (months, "Month")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def is_ours(name: str) -> bool:
    """Whether a competence name is one that this service gave, to whichever organisation."""
    return _OURS.fullmatch(name.strip()) is not None


def folded(name: str) -> str:
    """A name with case, spaces, dashes and a closing pipe levelled: files differ in these and mean the same."""
    level = _DASHES.sub("-", name).casefold()
    return " ".join(level.split()).strip(" |")


def written(day: date | None) -> str:
    return f"{day.day:02}-{MONTHS[day.month - 1]}-{day.year:04}" if day else NO_EXPIRY


def read_day(value: str) -> date:
    """A day as ESR writes it. Raises `Wrong`: 01/02/2028 has two meanings, so other ways are refused."""
    match = _DAY.fullmatch(value)
    if match is None or match["month"].capitalize() not in MONTHS:
        raise Wrong(f"{shown(value)} is not a date as ESR writes it.", REMEDY)
    try:
        found = date(int(match["year"]), MONTHS.index(match["month"].capitalize()) + 1, int(match["day"]))
    except ValueError as error:
        raise Wrong(f"{shown(value)} is not a day in the calendar.", REMEDY) from error
    if not FIRST_DAY <= found < LAST_DAY:
        raise Wrong(f"{shown(value)} is before 5 July 1948 or after 2099.", "Check the year.")
    return found


def read_end(value: str) -> date | None:
    """A day, or None where the cell is blank or says that there is no end."""
    return None if value.casefold() in ("", NO_EXPIRY.casefold()) else read_day(value)
