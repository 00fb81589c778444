"""Statements on their way to another record with the files that came with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from ..models import Delivery
from ..xapi.attachments import Naming, statements_naming_files
from ..xapi.multipart import MEBIBYTE
from .attachments import KeptFile, kept_files

# So much of files goes together; a statement that has more by itself goes alone.
FILES_TOGETHER = 16 * MEBIBYTE


class Letter(NamedTuple):
    """`lacking` are the hashes of the files that it needs (Communication 1.5.2) and that are not kept here."""

    delivery: Delivery
    files: list[KeptFile]
    lacking: list[str]

    @property
    def size(self) -> int:
        return sum(file.length for file in self.files)


def letters(deliveries: Sequence[Delivery]) -> list[Letter]:
    """In the same order. One query, or none where no statement names a file."""
    named = {one.id: one for one in statements_naming_files(one.statement.payload for one in deliveries)}
    kept = kept_files(named.values())
    return [
        Letter(one, kept.get(one.statement_id, []), _lacking(named.get(one.statement_id), kept))
        for one in deliveries
    ]


def parcels(all_letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Neighbours that may go in one request, in order: as many as their files allow."""
    parcel: list[Letter] = []
    size = 0
    for letter in all_letters:
        if parcel and size + letter.size > FILES_TOGETHER:
            yield parcel
            parcel, size = [], 0
        parcel.append(letter)
        size += letter.size
    if parcel:
        yield parcel


def _lacking(naming: Naming | None, kept: Mapping[UUID, list[KeptFile]]) -> list[str]:
    if naming is None:
        return []
    here = {file.sha2 for file in kept[naming.id]}
    return [one.sha2 for one in naming.files() if one.fileUrl is None and one.sha2 not in here]
