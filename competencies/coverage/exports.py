"""The table as CSV: the same figures as the page, one plain header row, UTF-8 without a byte order mark.

A figure that the page hides is an empty cell, and `note` names it; so each column holds numbers or nothing.
What the columns mean is in docs/guide/how-we-count.md.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .tables import Figure, Line, Table

Cell = str | int | float | None

COLUMNS = (
    "organisation_code",
    "organisation_name",
    "team_code",
    "team_name",
    "tier",
    "engagement",
    "capability",
    "capability_name",
    "expected_level",
    "as_at",
    "edition",
    "numerator",
    "denominator",
    "coverage_percent",
    "not_yet_due",
    "not_yet_due_share",
    "excluded",
    "due_for_renewal",
    "teams_shown",
    "teams_hidden",
    "spread_low",
    "spread_high",
    "note",
)

# A spreadsheet takes a cell that starts with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Stamp:
    """Whose figures they are, of which day, and by which edition of the framework."""

    organisation_code: str
    organisation_name: str
    as_at: date
    edition: str


def export_rows(table: Table, stamp: Stamp) -> list[dict[str, Cell]]:
    """One row for each line of the table, in the table's order."""
    team = ("", "") if table.is_organisation else (table.node_code, table.node_name)
    return [_row(line, team, stamp) for line in table.lines]


def coverage_csv(rows: Iterable[dict[str, Cell]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


def guarded(value: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _row(line: Line, team: tuple[str, str], stamp: Stamp) -> dict[str, Cell]:
    figures = _figures(line)
    return {
        "organisation_code": stamp.organisation_code,
        "organisation_name": stamp.organisation_name,
        "team_code": team[0],
        "team_name": team[1],
        "tier": line.tier_key,
        "engagement": line.engagement,
        "capability": line.capability_code,
        "capability_name": line.capability_name,
        "expected_level": line.expected_level,
        "as_at": stamp.as_at.isoformat(),
        "edition": stamp.edition,
        **{name: _number(figure) for name, figure in figures.items()},
        "teams_shown": line.spread.teams_shown,
        "teams_hidden": line.spread.teams_hidden,
        "note": _note(line, figures),
    }


def _figures(line: Line) -> dict[str, Figure]:
    return {
        "numerator": line.numerator,
        "denominator": line.denominator,
        "coverage_percent": line.coverage,
        "not_yet_due": line.not_yet_due,
        "not_yet_due_share": line.not_yet_due_share,
        "excluded": line.excluded,
        "due_for_renewal": line.due_for_renewal,
        "spread_low": line.spread.low,
        "spread_high": line.spread.high,
    }


def _number(figure: Figure) -> int | float | None:
    """Whole numbers without a decimal point, as on the page."""
    whole = isinstance(figure.value, float) and figure.value.is_integer()
    return int(figure.value) if whole and figure.value is not None else figure.value


def _note(line: Line, figures: dict[str, Figure]) -> str:
    """The page's note; percentages that a small group does not have are no secret and need no naming."""
    counts = ("numerator", "denominator", "not_yet_due", "excluded", "due_for_renewal")
    hidden = [name for name in counts if figures[name].value is None]
    named = f"Hidden: {', '.join(hidden)}." if hidden else ""
    return " ".join(part for part in (line.note, named) if part)
