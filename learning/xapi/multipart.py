"""Statements and the files that go with them in one body: multipart/mixed (Communication 1.5.2), in and out.

Neither way is a file ever whole in memory. What comes in is cut up by the library `multipart`, which knows RFC 2046
(boundaries, preamble, limits) and leaves what a part must say of itself to whoever uses it; the files go to one
temporary file, while their hash is worked out, until the statements have been checked.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, NamedTuple, Protocol

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserError,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from .errors import Invalid

MEBIBYTE = 1024 * 1024
LARGEST_ATTACHMENT = 256 * MEBIBYTE
LARGEST_REQUEST = 512 * MEBIBYTE
MOST_ATTACHMENTS = 1000
CHUNK = 64 * 1024
# So much of the files of one request is held in memory before it goes to disk.
_IN_MEMORY = MEBIBYTE

_HASH = "X-Experience-API-Hash"
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
# By the number of hexadecimal digits: the members of the SHA-2 family.
_ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


class TooLarge(Invalid):
    """More than this record takes at once: well-formed as far as it was read."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class SentFile:
    """One file as it came in, proven to have the hash that it was sent under. `part` counts from 1.

    `content_type` is empty, and `states_length` false, where the part did not say.
    """

    part: int
    sha2: str
    content_type: str
    length: int
    states_length: bool
    spool: IO[bytes] = field(repr=False, compare=False)
    start: int = field(repr=False, compare=False)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The file from its beginning, `size` bytes at a time."""
        for offset in range(0, self.length, size):
            self.spool.seek(self.start + offset)
            yield self.spool.read(min(size, self.length - offset))


@dataclass
class Sent:
    """What a request sent: the text of its statements, and the files by their hash. To be closed after use."""

    statements: bytes
    files: dict[str, SentFile]
    spool: IO[bytes] = field(repr=False, compare=False)

    def __enter__(self) -> "Sent":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.spool.close()


class OutgoingFile(NamedTuple):
    """A file on its way out. Two parameters of the part must be as the statement says (Communication 1.5.2)."""

    sha2: str
    content_type: str
    length: int
    chunks: Iterable[bytes]


def is_multipart(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "multipart/mixed"


def read_multipart(stream: Readable, content_type: str, largest_statements: int) -> Sent:
    """Read all of `stream`. Raises Invalid, whose path is a header or a part such as `parts[1]`, and TooLarge."""
    boundary = _boundary(content_type)
    spool: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (whoever gets it closes it)
    try:
        return _gathered(_events(stream, boundary), spool, largest_statements)
    except BaseException:
        spool.close()
        raise


def write_multipart(
    boundary: str, statements: Iterable[bytes], files: Iterable[OutgoingFile]
) -> Iterator[bytes]:
    """The body of an answer: the statements, then each file. `boundary` must be one that nobody could foresee."""
    yield f"--{boundary}\r\nContent-Type: application/json\r\n\r\n".encode()
    yield from statements
    for file in files:
        # A statement may hold a line break where it names the type, and here it would begin another header.
        content_type = f"Content-Type: {_CONTROLS.sub(' ', file.content_type)}"
        headers = (content_type, "Content-Transfer-Encoding: binary", f"{_HASH}: {file.sha2}")
        yield "\r\n".join(("", f"--{boundary}", *headers, "", "")).encode()
        yield from file.chunks
    yield f"\r\n--{boundary}--\r\n".encode()


def multipart_length(boundary: str, statements: Iterable[bytes], files: Sequence[OutgoingFile]) -> int:
    """How long a body is going to be, told without reading any of the files."""
    between = write_multipart(boundary, statements, [file._replace(chunks=()) for file in files])
    return sum(map(len, between)) + sum(file.length for file in files)


class _MixedParser(PushMultipartParser):
    """The library's own parser asks for the headers of a form, and lets a lone line feed stand in a header."""

    def _create_segment(self, headerlist: list[tuple[str, str]]) -> MultipartSegment:
        if any(_CONTROLS.search(value) for _, value in headerlist):
            raise ParserError("Invalid line break or control character in segment header")
        return MultipartSegment(headerlist)


def _boundary(content_type: str) -> str:
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise Invalid(
            "Content-Type", "must name the boundary of the parts: up to 70 characters as in RFC 2046"
        )
    return boundary


def _events(stream: Readable, boundary: str) -> Iterator[MultipartSegment | bytes | None]:
    """For each part its headers, its content bit by bit, and None."""
    parser = _MixedParser(
        boundary,
        max_segment_size=LARGEST_ATTACHMENT,
        max_segment_count=MOST_ATTACHMENTS + 1,
        header_charset="latin-1",
    )
    taken, found = 0, False
    try:
        for chunk in iter(partial(stream.read, CHUNK), b""):
            taken += len(chunk)
            if taken > LARGEST_REQUEST:
                raise TooLarge("", f"must be no larger than {LARGEST_REQUEST} bytes in all")
            for event in parser.parse(chunk):
                found = True
                yield event
    except ParserLimitReached:
        raise TooLarge("", _LIMITS) from None
    except MultipartError as error:
        raise Invalid("", f"must be multipart/mixed as in RFC 2046: {error}") from None
    _check_end(parser, found)


_LIMITS = (
    f"must have no more than {MOST_ATTACHMENTS} attachments, none larger than {LARGEST_ATTACHMENT} bytes, "
    "and short headers"
)


def _check_end(parser: PushMultipartParser, found: bool) -> None:
    try:
        parser.close()
    except MultipartError:
        words = "must end with" if found else "must have, before each part,"
        ending = " and two hyphens after it" if found else ""
        raise Invalid("", f"{words} a line of two hyphens and the boundary{ending}") from None


def _gathered(
    events: Iterable[MultipartSegment | bytes | None], spool: IO[bytes], largest_statements: int
) -> Sent:
    statements = bytearray()
    files: dict[str, SentFile] = {}
    number, sink = 0, None
    for event in events:
        if isinstance(event, MultipartSegment):
            sink = (
                _FilePart(number, event, spool)
                if number
                else _StatementsPart(event, statements, largest_statements)
            )
            number += 1
        elif sink and event is not None:
            sink.take(event)
        elif isinstance(sink, _FilePart):
            file = sink.finished()
            files.setdefault(file.sha2, file)
    if not number:
        raise Invalid("", "must have the statements as its first part")
    return Sent(bytes(statements), files, spool)


class _StatementsPart:
    """The first part: all the statements, and nothing but JSON."""

    def __init__(self, headers: MultipartSegment, into: bytearray, largest: int) -> None:
        if (headers.content_type or "").lower() != "application/json":
            raise Invalid(
                "parts[0].Content-Type", "must be application/json: the first part holds the statements"
            )
        self._into = into
        self._largest = largest

    def take(self, chunk: bytes) -> None:
        self._into += chunk
        if len(self._into) > self._largest:
            raise TooLarge("parts[0]", f"must be no larger than {self._largest} bytes")


class _FilePart:
    """Any other part: one file, under the hash that it claims."""

    def __init__(self, number: int, headers: MultipartSegment, spool: IO[bytes]) -> None:
        self._path = f"parts[{number}]"
        self._number, self._headers, self._spool = number, headers, spool
        self._sha2 = headers.header(_HASH, "").strip().lower()
        self._content_type = headers.header("Content-Type", "").strip()
        self._check()
        self._digest = hashlib.new(_ALGORITHMS[len(self._sha2)])
        self._start = spool.tell()

    def _check(self) -> None:
        if not re.fullmatch(r"[0-9a-f]+", self._sha2) or len(self._sha2) not in _ALGORITHMS:
            raise Invalid(
                f"{self._path}.{_HASH}", "must be there, as the SHA-2 hash of the file in hexadecimal digits"
            )
        if self._headers.header("Content-Transfer-Encoding", "binary").strip().lower() != "binary":
            raise Invalid(
                f"{self._path}.Content-Transfer-Encoding", "must be binary: files are sent as they are"
            )

    def take(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._spool.write(chunk)

    def finished(self) -> SentFile:
        if self._digest.hexdigest() != self._sha2:
            raise Invalid(f"{self._path}.{_HASH}", "must be the SHA-2 hash of what this part holds")
        return SentFile(
            part=self._number,
            sha2=self._sha2,
            content_type=self._content_type,
            length=self._spool.tell() - self._start,
            states_length=self._headers.header("Content-Length") is not None,
            spool=self._spool,
            start=self._start,
        )
