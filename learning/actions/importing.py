"""Statements from lines of JSON: what is right is kept, and each line that is not says why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from django.db import transaction
from msgspec import UNSET

from ..errors import Conflict, NotAllowed
from ..models import Credential, FileImport, Statement
from ..xapi import Invalid, Received, read_statement
from ..xapi.attachments import attachments_of
from ..xapi.reading import with_id
from ..xapi.versions import Version
from .storing import store_statements

IMPORT_KEY = "import"

_NO_FILES = (
    "is needed, because lines of JSON carry no attached files. Add the address from which the file can be fetched, or "
    "send the statement with its file to /xapi/statements, as multipart/mixed"
)


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


class Entry(NamedTuple):
    line: Line
    id: UUID
    version: Version
    received: Received


class _Peek(msgspec.Struct):
    version: object = None


def _read(lines: Sequence[Line], outcome: Outcome) -> Iterator[Entry]:
    for line in lines:
        if not line.text.strip():
            continue
        version = _version_of(line)
        try:
            received = read_statement(line.text, version)
            _check_files(received)
        except Invalid as fault:
            outcome.refused.append(Refusal(line.number, str(fault)))
            continue
        name = _id_of(received, line)
        yield Entry(line, name, version, with_id(received, name))


def _version_of(line: Line) -> Version:
    """The family that the statement says it is of; 1.0.x where it says nothing."""
    try:
        said = msgspec.json.decode(line.text, type=_Peek).version
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        said = None  # what is wrong with it is told when it is read
    return Version.TWO if str(said).startswith("2") else Version.ONE


def _id_of(entry: Received, line: Line) -> UUID:
    """A line without an id gets one from its own text, so that importing it again does no harm."""
    said = entry.statement.id
    return UUID(said) if said else uuid5(NAMESPACE_URL, line.text.strip().decode())


def _check_files(entry: Received) -> None:
    for path, attachment in attachments_of(entry.statement):
        if attachment.fileUrl is UNSET:
            raise Invalid(f"{path}.fileUrl", _NO_FILES)


def _groups(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """What one request to the record may hold: statements of one family, and no id twice."""
    waiting: dict[Version, dict[UUID, Entry]] = {version: {} for version in Version}
    for entry in entries:
        if any(entry.id in group for group in waiting.values()):
            yield from (list(group.values()) for group in waiting.values() if group)
            waiting = {version: {} for version in Version}
        waiting[entry.version][entry.id] = entry
    yield from (list(group.values()) for group in waiting.values() if group)


def _store(group: Sequence[Entry], credential: Credential, outcome: Outcome) -> None:
    """All at once; where something in it is refused, half by half until it is found."""
    names = [entry.id for entry in group]
    known = Statement.objects.filter(pk__in=names).count()
    try:
        store_statements(
            statements=[entry.received for entry in group], credential=credential, version=group[0].version
        )
    except (Invalid, Conflict, NotAllowed) as fault:
        if len(group) == 1:
            outcome.refused.append(Refusal(group[0].line.number, str(fault)))
            return
        middle = len(group) // 2
        _store(group[:middle], credential, outcome)
        _store(group[middle:], credential, outcome)
    else:
        outcome.known += known
        outcome.new += len(group) - known
