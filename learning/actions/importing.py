"""Statements from lines of JSON: what is right is kept, and each line that is not says why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from msgspec import UNSET

from ..errors import Conflict, NotAllowed
from ..models import Credential, FileImport, Statement
from ..xapi import Invalid, Received, read_statement
from ..xapi.reading import with_id
from .storing import store_statements

IMPORT_KEY = "import"


class Line(NamedTuple):
    number: int
    text: bytes


class Refusal(NamedTuple):
    line: int
    why: str


@dataclass
class Outcome:
    new: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


def import_credential() -> Credential:
    """Who vouches for statements that a keeper brings in from a file. It has no secret, so nobody can use it."""
    credential, _ = Credential.objects.get_or_create(
        key=IMPORT_KEY, defaults={"name": "Brought in from files", "scopes": [Credential.Scope.ALL]}
    )
    return credential


def import_lines(
    *,
    lines: Sequence[Line],
    credential: Credential,
    place: FileImport | None = None,
    is_dry_run: bool = False,
) -> Outcome:
    """Keep a batch of lines and, in the same transaction, how far in the file they are."""
    outcome = Outcome()
    with transaction.atomic():
        for group in _groups(_read(lines, outcome)):
            _store(group, credential, outcome)
        if place:
            place.lines, place.refused = lines[-1].number, place.refused + len(outcome.refused)
            place.save()
        transaction.set_rollback(is_dry_run)
    outcome.refused.sort()
    return outcome


Entry = tuple[Line, UUID, Received]


def _read(lines: Sequence[Line], outcome: Outcome) -> Iterator[Entry]:
    for line in lines:
        if not line.text.strip():
            continue
        try:
            entry = read_statement(line.text)
            _check_files(entry)
        except Invalid as fault:
            outcome.refused.append(Refusal(line.number, str(fault)))
            continue
        name = _id_of(entry, line)
        yield line, name, with_id(entry, name)


def _id_of(entry: Received, line: Line) -> UUID:
    """A line without an id gets one from its own text, so that importing it again does no harm."""
    said = entry.statement.id
    return UUID(said) if said else uuid5(NAMESPACE_URL, line.text.strip().decode())


def _check_files(entry: Received) -> None:
    for position, attachment in enumerate(entry.statement.attachments or []):
        if attachment.fileUrl is UNSET:
            raise Invalid(
                f"attachments[{position}].fileUrl", "is needed: lines of JSON carry no attached files"
            )


def _groups(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """One request to the record never holds an id twice."""
    group: dict[UUID, Entry] = {}
    for entry in entries:
        if entry[1] in group:
            yield list(group.values())
            group = {}
        group[entry[1]] = entry
    if group:
        yield list(group.values())


def _store(group: Sequence[Entry], credential: Credential, outcome: Outcome) -> None:
    """All at once; where something in it is refused, half by half until it is found."""
    names = [name for _, name, _ in group]
    known = Statement.objects.filter(pk__in=names).count()
    try:
        store_statements(statements=[entry for _, _, entry in group], credential=credential)
    except (Invalid, Conflict, NotAllowed) as fault:
        if len(group) == 1:
            outcome.refused.append(Refusal(group[0][0].number, str(fault)))
            return
        middle = len(group) // 2
        _store(group[:middle], credential, outcome)
        _store(group[middle:], credential, outcome)
    else:
        outcome.known += known
        outcome.new += len(group) - known
