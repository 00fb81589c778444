"""The files that came with statements, for whoever may read the statements."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from ..models import AttachmentPart, StatementAttachment
from ..xapi.attachments import statements_naming_files
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
    kept = _kept([statement.id for statement in naming]) if naming else {}
    files: dict[str, KeptFile] = {}
    for statement in naming:
        for named in statement.files():
            if file := kept.get((statement.id, named.sha2)):
                # The part says what the statement says of it (Communication 1.5.2).
                files.setdefault(named.sha2, file._replace(content_type=named.contentType))
    return _outgoing(files.values())


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
        if len(group) == 1:
            yield OutgoingFile(group[0].sha2, group[0].content_type, _pieces(group[0]))
        else:
            held = _held(group)
            for file in group:
                yield OutgoingFile(file.sha2, file.content_type, held.get(file.id, ()))


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


def _pieces(file: KeptFile) -> Iterator[bytes]:
    position, left = 0, file.length
    while left > 0:
        piece = bytes(AttachmentPart.objects.values_list("data", flat=True).get(pk=(file.id, position)))
        yield piece
        position, left = position + 1, left - len(piece)
