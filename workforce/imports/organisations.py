"""Organisations from a file of Organisation Data Service (ODS) codes. A code gone from it stays here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from workforce.imports import cells
from workforce.imports.faults import Fault, Refused, shown
from workforce.imports.tables import Row, read_table
from workforce.models import Organisation, Succession
from workforce.regions import REGIONS

COLUMNS = ("ods_code", "name", "region_ods", "icb_ods", "postcode", "open_date", "close_date")
SUCCESSION_COLUMNS = ("old", "new", "on")
_CODE = re.compile(r"[A-Z0-9]{2,10}")
_LOWER_WORDS = {"and", "at", "for", "in", "of", "on", "the", "upon", "with"}


@dataclass(frozen=True, slots=True)
class Counts:
    new: int
    changed: int
    unchanged: int
    not_in_file: int


@transaction.atomic
def import_organisations(*, data: bytes) -> Counts:
    """Store organisations by code; the same file again changes nothing. Raises `Refused`."""
    rows = _values(read_table(data, COLUMNS), _organisation)
    known = {organisation.code: organisation for organisation in Organisation.objects.select_for_update()}
    _refuse([_taken(number) for number, row in rows if (old := known.get(row["code"])) and old.is_invented])
    _refuse_twice(rows, "code", "ods_code")
    new = changed = 0
    for _, row in rows:
        organisation = known.get(row["code"])
        if organisation is None:
            Organisation.objects.create(**row)
            new += 1
        elif any(getattr(organisation, field) != value for field, value in row.items()):
            Organisation(pk=organisation.pk, joined=organisation.joined, **row).save()
            changed += 1
    listed = {row["code"] for _, row in rows}
    return Counts(new, changed, len(rows) - new - changed, len(known.keys() - listed))


@transaction.atomic
def import_successions(*, data: bytes) -> int:
    """Store which code carried on from which, and from when; returns how many are new. Raises `Refused`."""
    rows = _values(read_table(data, SUCCESSION_COLUMNS), _succession)
    known = dict(Organisation.objects.values_list("code", "pk"))
    _refuse(
        Fault(number, column, f"No organisation has the code {shown(row[column])}.", "Import it first.")
        for number, row in rows
        for column in ("old", "new")
        if row[column] not in known
    )
    _refuse(_loops(rows))
    made = [
        Succession.objects.update_or_create(
            old_id=known[row["old"]], new_id=known[row["new"]], defaults={"on": row["on"]}
        )[1]
        for _, row in rows
    ]
    return sum(made)


def _loops(rows: list[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    """Rows by which a code would, after some steps, carry on from itself."""
    after: dict[str, set[str]] = {}
    for old, new in Succession.objects.values_list("old__code", "new__code"):
        after.setdefault(old, set()).add(new)
    for number, row in rows:
        reached, ahead = set(), [row["new"]]
        while ahead:
            code = ahead.pop()
            if code not in reached:
                reached.add(code)
                ahead.extend(after.get(code, ()))
        if row["old"] in reached:
            problem = f"{row['old']} already carries on from {row['new']}, so this goes round in a circle."
            yield Fault(number, "new", problem, "Check which code is the older.")
        after.setdefault(row["old"], set()).add(row["new"])


def _values(rows: list[Row], read: Callable[["_Reader"], dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    faults: list[Fault] = []
    values = [(row.number, read(_Reader(row, faults))) for row in rows]
    _refuse(faults)
    return values


class _Reader:
    """Reads the cells of one row and notes a fault for each that is wrong."""

    def __init__(self, row: Row, faults: list[Fault]) -> None:
        self.row, self.faults = row, faults

    def read(self, column: str, how: Callable[[str], Any]) -> Any:
        try:
            return how(self.row.cells[column])
        except cells.Wrong as wrong:
            self.faults.append(Fault(self.row.number, column, wrong.problem, wrong.remedy))
            return None


def _organisation(row: _Reader) -> dict[str, Any]:
    values = {
        "code": row.read("ods_code", _code),
        "name": row.read("name", lambda value: readable(cells.text(value, 200))),
        "region": row.read("region_ods", _region),
        "icb": row.read("icb_ods", lambda value: value and _code(value)),
        "postcode": row.read("postcode", lambda value: value and cells.text(value, 10)),
        "opened": row.read("open_date", _needed_day),
        "closed": row.read("close_date", cells.day),
    }
    if values["opened"] and values["closed"] and values["closed"] < values["opened"]:
        row.faults.append(
            Fault(row.row.number, "close_date", "It closes before it opens.", "Check both dates.")
        )
    return values


def _succession(row: _Reader) -> dict[str, Any]:
    values = {"old": row.read("old", _code), "new": row.read("new", _code), "on": row.read("on", _needed_day)}
    if values["old"] == values["new"]:
        row.faults.append(Fault(row.row.number, "new", "A code cannot succeed itself.", "Correct the code."))
    return values


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise cells.Wrong(f"{shown(value)} is not an ODS code.", "Use 2 to 10 capital letters and digits.")
    return value


def _region(value: str) -> str:
    if value and value not in REGIONS:
        raise cells.Wrong(
            f"{shown(value)} is not a region.", f"Use one of {', '.join(REGIONS)}, or leave it blank."
        )
    return value


def _needed_day(value: str) -> date:
    found = cells.day(value)
    if found is None:
        raise cells.Wrong("This cell is blank.", "Write the day as 20201001 or 2020-10-01.")
    return found


def _taken(number: int) -> Fault:
    return Fault(number, "ods_code", "A made-up organisation uses this code.", "Rename the made-up one.")


def _refuse_twice(rows: list[tuple[int, dict[str, Any]]], field: str, column: str) -> None:
    seen: set[str] = set()
    faults = []
    for number, row in rows:
        if row[field] in seen:
            faults.append(
                Fault(number, column, f"{shown(row[field])} is there twice.", "Remove one of the two.")
            )
        seen.add(row[field])
    _refuse(faults)


def _refuse(faults: Any) -> None:
    found = list(faults)
    if found:
        raise Refused(found)


def readable(name: str) -> str:
    """A name that came in capitals, as people write it: “Barts Health NHS Trust”."""
    if not name.isupper():
        return name
    words = [_readable_word(word) for word in name.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _readable_word(word: str) -> str:
    if word == "NHS":
        return word
    parts = [part if part in _LOWER_WORDS else part.capitalize() for part in word.lower().split("-")]
    return "-".join(parts)
