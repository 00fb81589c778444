"""The reader and the writer of multipart/mixed, by themselves."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from learning.xapi import Invalid, multipart
from learning.xapi.multipart import (
    OutgoingFile,
    Sent,
    TooLarge,
    multipart_length,
    read_multipart,
    write_multipart,
)

from .mixed import BOUNDARY, CONTENT_TYPE, TEXT, file_part, joined, part, sha2, statements_part

LARGEST = 10_000
STATEMENT = {"id": "a statement, as far as this reader cares"}


class Trickle:
    """A stream that gives as little at a time as it was told to."""

    def __init__(self, content: bytes, sizes: Iterator[int]) -> None:
        self._stream, self._sizes = io.BytesIO(content), sizes

    def read(self, size: int, /) -> bytes:
        return self._stream.read(min(size, next(self._sizes, size)))


def read(body: bytes, content_type: str = CONTENT_TYPE) -> Sent:
    return read_multipart(io.BytesIO(body), content_type, LARGEST)


def contents(sent: Sent) -> tuple[bytes, dict[str, bytes]]:
    with sent:
        return sent.statements, {name: b"".join(file.chunks(3)) for name, file in sent.files.items()}


@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
def test_a_file_is_read_under_its_hash(algorithm: str) -> None:
    name = sha2(TEXT, algorithm)
    statements, files = contents(
        read(joined(statements_part(STATEMENT), file_part(X_Experience_API_Hash=name.upper())))
    )
    assert (json.loads(statements), files) == (STATEMENT, {name: TEXT})


def test_what_stands_before_the_first_and_after_the_last_boundary_is_passed_over() -> None:
    """RFC 2046, 5.1.1."""
    body = b"To people without MIME.\r\n" + joined(statements_part(STATEMENT)) + b"The end.\r\n"
    assert contents(read(body)) == (json.dumps(STATEMENT).encode(), {})


def test_files_may_hold_what_looks_like_a_boundary() -> None:
    content = f"\r\n--{BOUNDARY[:-1]}\r\n\r\n--\r\n{BOUNDARY}\r--{BOUNDARY}".encode()
    _, files = contents(read(joined(statements_part([]), file_part(content), file_part(b""))))
    assert files == {sha2(content): content, sha2(b""): b""}


def test_a_file_that_is_sent_twice_is_read_once() -> None:
    sent = read(joined(statements_part([]), file_part(), file_part(Content_Type="text/html")))
    assert [(file.part, file.content_type) for file in sent.files.values()] == [(1, "text/plain")]


FIRST = statements_part(STATEMENT)
FAULTS: list[tuple[bytes, str, str]] = [
    (b"", "", "before each part"),
    (FIRST, "", "before each part"),
    (joined(), "", "first part"),
    (joined(FIRST, boundary="another"), "", "before each part"),
    (joined(FIRST).removesuffix(b"--\r\n"), "", "must end with"),
    (joined(FIRST, file_part()).removesuffix(f"--{BOUNDARY}--\r\n".encode()), "", "must end with"),
    (joined(part(b"[]", Content_Type="text/plain")), "parts[0].Content-Type", "application/json"),
    (joined(part(b"[]")), "parts[0].Content-Type", "application/json"),
    (joined(FIRST, FIRST), "parts[1].X-Experience-API-Hash", "must be there"),
    (joined(FIRST, file_part(X_Experience_API_Hash=None)), "parts[1].X-Experience-API-Hash", "must be there"),
    (
        joined(FIRST, file_part(X_Experience_API_Hash="a" * 63)),
        "parts[1].X-Experience-API-Hash",
        "must be there",
    ),
    (
        joined(FIRST, file_part(X_Experience_API_Hash="g" * 64)),
        "parts[1].X-Experience-API-Hash",
        "must be there",
    ),
    (
        joined(FIRST, file_part(X_Experience_API_Hash="a" * 64)),
        "parts[1].X-Experience-API-Hash",
        "what this part",
    ),
    (
        joined(FIRST, file_part(), file_part(b"b", Content_Transfer_Encoding="base64")),
        "parts[2].Content-Transfer-Encoding",
        "binary",
    ),
    (joined(FIRST, file_part(Content_Type="a/b;\x00")), "", "control character"),
    (joined(FIRST, file_part(Content_Length="26")), "", "Content-Length"),
    (joined(FIRST, b"no colon\r\n\r\n"), "", "header"),
    (joined(FIRST, b"a: b\nc: d\r\n\r\n"), "", "line break"),
]


@pytest.mark.parametrize(("body", "path", "words"), FAULTS)
def test_a_fault_is_named_with_its_place(body: bytes, path: str, words: str) -> None:
    with pytest.raises(Invalid) as fault:
        read(body)
    assert (fault.value.path, words in fault.value.rule) == (path, True), fault.value


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed",
        "multipart/mixed;",
        'multipart/mixed; boundary=""',
        "multipart/mixed; boundary=" + "a" * 71,
        'multipart/mixed; boundary="a<b"',
        'multipart/mixed; boundary="a "',
    ],
)
def test_a_boundary_must_be_named(content_type: str) -> None:
    with pytest.raises(Invalid) as fault:
        read(joined(FIRST), content_type)
    assert fault.value.path == "Content-Type"


@pytest.mark.parametrize(
    ("name", "value"),
    [("LARGEST_ATTACHMENT", 26), ("LARGEST_REQUEST", 300), ("MOST_ATTACHMENTS", 0)],
)
def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setattr(multipart, name, value)
    with pytest.raises(TooLarge):
        read(joined(FIRST, file_part()))


def test_statements_that_are_too_large_are_refused() -> None:
    with pytest.raises(TooLarge) as fault:
        read(joined(statements_part("a" * LARGEST)))
    assert fault.value.path == "parts[0]"


@settings(deadline=None)
@given(st.binary(max_size=300), st.lists(st.binary(max_size=300), max_size=4))
@example(b"[]", [b"\r\n--" + BOUNDARY.encode()[:-1], b"--", b"\r", b""])
def test_what_is_written_is_read_again(statements: bytes, files: list[bytes]) -> None:
    boundary = "never-in-such-short-files"
    outgoing = [
        OutgoingFile(sha2(content), "text/plain", len(content), [content[:5], content[5:]])
        for content in files
    ]
    body = b"".join(write_multipart(boundary, [statements], outgoing))
    assert len(body) == multipart_length(boundary, [statements], outgoing)
    found = contents(read(body, f"multipart/mixed; boundary={boundary}"))
    assert found == (statements, {sha2(content): content for content in files})


def test_a_media_type_cannot_begin_a_header_of_its_own() -> None:
    files = [OutgoingFile(sha2(TEXT), "text/plain\r\n;\r\nX-Experience-API-Hash: evil", len(TEXT), [TEXT])]
    body = b"".join(write_multipart(BOUNDARY, [b"[]"], files))
    assert contents(read(body)) == (b"[]", {sha2(TEXT): TEXT})


# Pieces from which bodies can be made that are nearly right, which chance alone would never find.
PIECES = st.sampled_from(
    [
        b"--" + BOUNDARY.encode(),
        b"--",
        b"\r\n",
        b"\n",
        b"\r",
        b"Content-Type: application/json",
        b"[]",
        b":",
        b" ",
        b"X-Experience-API-Hash: " + sha2(b"[]").encode(),
        b"Content-Length: 2",
        b"Content-Transfer-Encoding: binary",
        FIRST,
        file_part(),
        joined(FIRST, file_part()),
        b"\x00",
        b"\xff",
    ]
)
BODIES = st.one_of(st.binary(max_size=400), st.lists(st.one_of(PIECES, st.binary(max_size=5))).map(b"".join))


def outcome(stream: Any, content_type: str = CONTENT_TYPE) -> object:
    try:
        return contents(read_multipart(stream, content_type, LARGEST))
    except Invalid as fault:
        return type(fault)


@settings(deadline=None)
@given(BODIES, st.text(max_size=100))
def test_no_body_and_no_content_type_breaks_the_reader(body: bytes, content_type: str) -> None:
    assert outcome(io.BytesIO(body))
    assert outcome(io.BytesIO(body), f"multipart/mixed; {content_type}")


@settings(deadline=None)
@given(BODIES, st.lists(st.integers(1, 60)))
@example(joined(FIRST, file_part(Content_Type="a\nb")), [1] * 2000)
@example(joined(FIRST, file_part(), file_part(b"\r\n--" + BOUNDARY.encode()[:-1])), [1] * 2000)
def test_it_does_not_matter_how_a_body_is_cut_up(body: bytes, sizes: list[int]) -> None:
    assert outcome(Trickle(body, iter(sizes))) == outcome(io.BytesIO(body))
