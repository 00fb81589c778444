from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from django.db import connection, transaction

from ..models import AttachmentPart
from ..xapi.attachments import statements_naming_files
from ..xapi.multipart import SentFile

# A hash that is there already is left alone; only what is new comes back, and needs its content.
_INSERT_NEW = """
    INSERT INTO learning_attachment (sha2, length, content_type, stored)
    SELECT sent.*, %s FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS sent
    ON CONFLICT (sha2) DO NOTHING
    RETURNING sha2, id
"""

_COPY_PARTS = "COPY learning_attachmentpart (attachment_id, position, data) FROM STDIN (FORMAT BINARY)"

_LINK = """
    INSERT INTO learning_statementattachment (statement_id, attachment_id)
    SELECT named.statement, attachment.id
    FROM unnest(%s::uuid[], %s::text[]) AS named (statement, sha2)
    JOIN learning_attachment attachment USING (sha2)
    ON CONFLICT DO NOTHING
"""


@transaction.atomic
def store_attachments(*, files: Mapping[str, SentFile], payloads: Iterable[str], at: datetime) -> None:
    """Keep the files that came with statements, each once, and which statement each came with: three queries.

    Called in the transaction that stores the statements, after them; `payloads` are theirs, complete. `files` are by
    their hash. They go in in its order, so that two batches that share some wait for each other.
    """
    naming = statements_naming_files(payloads)
    named = {(statement.id, file.sha2) for statement in naming for file in statement.files()}
    links = sorted(link for link in named if link[1] in files)
    if not links:
        return
    ordered = [files[sha2] for sha2 in sorted({sha2 for _, sha2 in links})]
    lengths, types = [file.length for file in ordered], [file.content_type for file in ordered]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_NEW, [at, [file.sha2 for file in ordered], lengths, types])
        _copy(dict(cursor.fetchall()), files)
        cursor.execute(_LINK, [list(column) for column in zip(*links, strict=True)])


def _copy(new: Mapping[str, int], files: Mapping[str, SentFile]) -> None:
    if not new:
        return
    with connection.cursor() as cursor, cursor.copy(_COPY_PARTS) as copy:
        copy.set_types(["int8", "int4", "bytea"])
        for row in _rows(new, files):
            copy.write_row(row)


def _rows(new: Mapping[str, int], files: Mapping[str, SentFile]) -> Iterator[Collection[int | bytes]]:
    for sha2, pk in new.items():
        for position, data in enumerate(files[sha2].chunks(AttachmentPart.LARGEST)):
            yield pk, position, data
