"""The files that came with statements, for whoever may read the statements."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, partial
from typing import NamedTuple
from uuid import UUID

from ..models import AttachmentPart, StatementAttachment
from ..xapi.attachments import Naming, statements_naming_files
from ..xapi.multipart import OutgoingFile


class KeptFile(NamedTuple):
    id: int
    sha2: str
    length: int
    content_type: str


def attached_files(payloads: Iterable[str]) -> Iterator[OutgoingFile]:
    """The files that came with these statements, each once, in the order in which the statements name them.

    `payloads` are those of statements that the reader may read. What there is takes one query, now, or none where no
    statement names a file. The content follows while it is iterated over: a query for each megabyte of a large file,
    and one for many small files together.
    """
    naming = list(statements_naming_files(payloads))
    return outgoing_files(file for files in kept_files(naming).values() for file in files)


def kept_files(naming: Collection[Naming]) -> dict[UUID, list[KeptFile]]:
    """By statement, the files that came with it, as it names them. One query, or none where nothing is named."""
    kept = _kept([statement.id for statement in naming]) if naming else {}
    return {
        statement.id: [
            # The part says what the statement says of it (Communication 1.5.2).
            kept[statement.id, named.sha2]._replace(content_type=named.contentType)
            for named in statement.files()
            if (statement.id, named.sha2) in kept
        ]
        for statement in naming
    }


def outgoing_files(files: Iterable[KeptFile]) -> Iterator[OutgoingFile]:
    """Each once, as it was named first. Its content is read when it is iterated over, not before."""
    once: dict[str, KeptFile] = {}
    for file in files:
        once.setdefault(file.sha2, file)
    return _outgoing(once.values())


def _kept(statements: Collection[UUID]) -> dict[tuple[UUID, str], KeptFile]:
    """The file of each statement and hash."""
    links = StatementAttachment.objects.filter(statement__in=statements).values_list(
        "statement_id", "attachment_id", "attachment__sha2", "attachment__length", "attachment__content_type"
    )
    return {
        (statement, sha2): KeptFile(pk, sha2, length, type_) for statement, pk, sha2, length, type_ in links
    }


def _outgoing(files: Iterable[KeptFile]) -> Iterator[OutgoingFile]:
    for group in _groups(files):
        # All of them with the first that is read.
        held = cache(partial(_held, group))
        for file in group:
            chunks = _pieces(file) if len(group) == 1 else _held_of(file, held)
            yield OutgoingFile(file.sha2, file.content_type, file.length, chunks)


def _groups(files: Iterable[KeptFile]) -> Iterator[list[KeptFile]]:
    """Neighbours that together are no larger than a piece; a larger file stands alone."""
    group: list[KeptFile] = []
    size = 0
    for file in files:
        if group and size + file.length > AttachmentPart.LARGEST:
            yield group
            group, size = [], 0
        group.append(file)
        size += file.length
    if group:
        yield group


def _held(files: Iterable[KeptFile]) -> dict[int, list[bytes]]:
    held: dict[int, list[bytes]] = {}
    parts = AttachmentPart.objects.filter(attachment__in=[file.id for file in files]).order_by("position")
    for pk, data in parts.values_list("attachment_id", "data"):
        held.setdefault(pk, []).append(bytes(data))
    return held


def _held_of(file: KeptFile, held: Callable[[], dict[int, list[bytes]]]) -> Iterator[bytes]:
    yield from held().get(file.id, ())


def _pieces(file: KeptFile) -> Iterator[bytes]:
    position, left = 0, file.length
    while left > 0:
        piece = bytes(AttachmentPart.objects.values_list("data", flat=True).get(pk=(file.id, position)))
        yield piece
        position, left = position + 1, left - len(piece)
