"""What one edition changes of another, in words. A pure function of two sheets."""

from collections.abc import Iterator
from dataclasses import dataclass

from .sheet import Cell, Row, Sheet


@dataclass(frozen=True)
class Change:
    """One sentence, and the capability it is about (empty for what is about the whole edition)."""

    code: str
    sentence: str


def changes(old: Sheet, new: Sheet) -> list[Change]:
    """The whole edition first, then what teams are asked, then each capability in the new order; what is gone, last."""
    return [*_whole(old, new), *_teams(old, new), *_capabilities(old, new)]


def as_text(old: Sheet, new: Sheet) -> str:
    """The same as plain text, one sentence on a line."""
    title = f"What edition {new.edition.version} changes of edition {old.edition.version}"
    lines = [change.sentence for change in changes(old, new)] or ["Nothing is different."]
    return "\n".join([f"{new.edition.framework.title}. {title}", "", *(f"- {line}" for line in lines), ""])


def _whole(old: Sheet, new: Sheet) -> Iterator[Change]:
    if old.edition.note != new.edition.note:
        yield Change("", "The note for readers changed.")
    before, after = ({group.code: group.name for group in sheet.groups} for sheet in (old, new))
    for code in after.keys() - before.keys():
        yield Change("", f"The domain {after[code]} is new.")
    for code in before.keys() - after.keys():
        yield Change("", f"The domain {before[code]} is gone.")
    for code in sorted(before.keys() & after.keys()):
        if before[code] != after[code]:
            yield Change("", f"The domain {before[code]} is now called {after[code]}.")
    levels = {level.number: level for level in old.levels}
    for level in new.levels:
        was = levels.get(level.number)
        if was is None:
            continue
        if (was.label, was.meaning, was.evidence) != (level.label, level.meaning, level.evidence):
            yield Change("", f"The wording of level {level.number} changed.")
        if was.grace_days != level.grace_days:
            yield Change(
                "", f"Level {level.number}: the grace goes from {was.grace_days} to {level.grace_days} days."
            )
        if was.validity_months != level.validity_months:
            spans = f"from {_months(was.validity_months)} to {_months(level.validity_months)}"
            yield Change("", f"Level {level.number}: how long it stays valid goes {spans}.")


def _teams(old: Sheet, new: Sheet) -> Iterator[Change]:
    before, after = (
        {(asked.capability.code, asked.level): asked.people for asked in sheet.of_teams}
        for sheet in (old, new)
    )
    for code, level in sorted(before.keys() | after.keys()):
        was, now = before.get((code, level), 0), after.get((code, level), 0)
        if was and not now:
            yield Change(code, f"{code}: teams are no longer asked to have people at level {level}.")
        elif was and now != was:
            yield Change(code, f"{code}: teams go from {_people(was)} to {_people(now)} at level {level}.")
        elif not was:
            yield Change(code, f"{code}: every team is asked to have {_people(now)} at level {level}.")


def _people(number: int) -> str:
    return f"{number} {'person' if number == 1 else 'people'}"


def _months(months: int | None) -> str:
    return "no expiry" if months is None else f"{months} months"


def _capabilities(old: Sheet, new: Sheet) -> Iterator[Change]:
    before = {row.capability.pk: (group.name, row) for group in old.groups for row in group.rows}
    default = {level.number: level.grace_days for level in old.levels}
    grace = (default, {level.number: level.grace_days for level in new.levels})
    for group in new.groups:
        for row in group.rows:
            code = row.capability.code
            if row.capability.pk not in before:
                yield Change(code, f"{code} is new: {row.name}.")
                yield from (Change(code, s) for s in _asked_of_new(row))
                continue
            domain, was = before.pop(row.capability.pk)
            if domain != group.name:
                yield Change(code, f"{code} goes from the domain {domain} to {group.name}.")
            yield from (Change(code, sentence) for sentence in _row(was, row, grace))
    for _, was in before.values():
        yield Change(was.capability.code, f"{was.capability.code} is gone: {was.name}.")


def _asked_of_new(row: Row) -> Iterator[str]:
    for cell in row.cells:
        if cell.level:
            yield f"{row.capability.code}: {_who(cell)} are asked for level {cell.level}."


def _row(was: Row, row: Row, grace: tuple[dict[int, int], dict[int, int]]) -> Iterator[str]:
    code = row.capability.code
    if was.name != row.name:
        yield f"{code} is now called {row.name}. It was {was.name}."
    if was.description != row.description:
        yield f"The wording of {code} changed."
    if was.sources != row.sources:
        yield f"The sources of {code} changed."
    earlier = {cell.column.key: cell for cell in was.cells}
    for cell in row.cells:
        yield from _cell(code, earlier.get(cell.column.key, Cell(cell.column)), cell, grace)


def _cell(code: str, was: Cell, cell: Cell, grace: tuple[dict[int, int], dict[int, int]]) -> Iterator[str]:
    who = _who(cell)
    if was.level != cell.level:
        yield f"{code}: {who} go from {_level(was)} to {_level(cell)}."
        return
    if cell.level is None or was.level is None:
        return
    if was.provenance != cell.provenance:
        yield (
            f"{code}, {who}: where it comes from is now {cell.provenance_label.lower()}. "
            f"It was {was.provenance_label.lower()}."
        )
    if was.sources != cell.sources:
        yield f"{code}, {who}: the sources changed."
    followed = was.grace_days == grace[0].get(was.level) and cell.grace_days == grace[1].get(cell.level)
    if was.grace_days != cell.grace_days and not followed:
        yield f"{code}, {who}: the grace goes from {was.grace_days} to {cell.grace_days} days."


def _who(cell: Cell) -> str:
    label = cell.column.label
    return label[:1].lower() + label[1:] if cell.column.tier else f"people with “{label}”"


def _level(cell: Cell) -> str:
    if cell.level is None:
        return "what their tier is asked"
    return f"level {cell.level}" if cell.level else "not expected"
