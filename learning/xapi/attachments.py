"""Whether statements and the files sent beside them belong together (Data 2.4.11, Communication 1.5.2)."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from .errors import Invalid
from .multipart import SentFile
from .reading import Received
from .statements import Attachment, Statement, SubStatement

# How an escape of an ASCII letter begins, with which JSON may spell any property; seldom met in practice.
_ESCAPED_LETTER = "\\u00"


class Named(Struct):
    """What a payload says of one of its attachments, as far as it matters for finding and sending the file."""

    sha2: str
    contentType: str  # noqa: N815

    def __post_init__(self) -> None:
        self.sha2 = self.sha2.lower()


class _Within(Struct):
    attachments: list[Named] = []


class Naming(Struct):
    """A statement that names files, itself or through the statement within it."""

    id: UUID
    object: _Within
    attachments: list[Named] = []

    def files(self) -> list[Named]:
        return self.attachments + self.object.attachments


def statements_naming_files(payloads: Iterable[str]) -> Iterator[Naming]:
    """Those of these kept statements that name files, in order."""
    for payload in payloads:
        # A search in the text costs a hundredth of reading it, and few statements name a file.
        if '"attachments"' in payload or _ESCAPED_LETTER in payload:
            naming = msgspec.json.decode(payload, type=Naming)
            if naming.files():
                yield naming


def with_their_files(
    entries: Iterable[Received], files: Mapping[str, SentFile], *, in_list: bool
) -> Iterator[Received]:
    """The same entries, each attachment of which is found sent along or has a fileUrl. Raises Invalid.

    After the last, every file that was sent must have been named. A file and its attachment find each other by the
    hash and by nothing else, as Communication 1.5.2 says: the `length` that a statement tells is compared only with a
    Content-Length that the part tells.
    """
    unnamed = dict(files)
    for position, entry in enumerate(entries):
        for path, attachment in attachments_of(entry.statement):
            file = files.get(attachment.sha2.lower())
            try:
                _check(attachment, file)
            except Invalid as fault:
                raise fault.under(f"[{position}].{path}" if in_list else path) from None
            unnamed.pop(attachment.sha2.lower(), None)
        yield entry
    for file in unnamed.values():
        path = f"parts[{file.part}].X-Experience-API-Hash"
        raise Invalid(path, "must be the sha2 of an attachment of a statement in the first part")


def attachments_of(statement: Statement | SubStatement) -> Iterator[tuple[str, Attachment]]:
    """(path, attachment) of each, those of a statement within this one too."""
    for position, attachment in enumerate(statement.attachments or ()):
        yield f"attachments[{position}]", attachment
    if isinstance(statement.object, SubStatement):
        for path, attachment in attachments_of(statement.object):
            yield f"object.{path}", attachment


def _check(attachment: Attachment, file: SentFile | None) -> None:
    """What both the part and the statement say must match. The specification's own example differs in charset."""
    if file is None:
        if attachment.fileUrl is UNSET:
            raise Invalid("", "must have a fileUrl, or its file must be sent along, as multipart/mixed")
    elif file.content_type and media_type(file.content_type) != media_type(attachment.contentType):
        raise Invalid("contentType", f"must be the Content-Type of its file, in parts[{file.part}]")
    elif file.states_length and file.length != attachment.length:
        raise Invalid("length", f"must be the Content-Length of its file, in parts[{file.part}]")


def media_type(content_type: str) -> str:
    """Type and subtype alone, in lower case."""
    return content_type.partition(";")[0].strip().lower()
