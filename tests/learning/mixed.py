"""Bodies of multipart/mixed as a client would write them, and as it would read them: by hand, by RFC 2046."""

import hashlib
import json
from typing import Any, NamedTuple

from .conftest import STATEMENTS, Door

# One of each kind of character that RFC 2046 allows.
BOUNDARY = "abcABC0123'()+_,-./:=?"
CONTENT_TYPE = f'multipart/mixed; boundary="{BOUNDARY}"'
TEXT = b"here is a simple attachment"


def sha2(content: bytes, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, content).hexdigest()


def attachment(content: bytes = TEXT, **changes: Any) -> dict[str, Any]:
    """What a statement says of its file; None leaves a property out."""
    whole = {
        "usageType": "https://example.org/usage/essay",
        "display": {"en": "An essay"},
        "contentType": "text/plain; charset=ascii",
        "length": len(content),
        "sha2": sha2(content),
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def part(content: bytes, **headers: str | None) -> bytes:
    """A part with headers named as in `content_type`; None leaves one out."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode() + content


def statements_part(statements: Any, **headers: str | None) -> bytes:
    return part(json.dumps(statements).encode(), **{"Content_Type": "application/json", **headers})


def file_part(content: bytes = TEXT, **headers: str | None) -> bytes:
    usual: dict[str, str | None] = {
        "Content_Type": "text/plain",
        "Content_Transfer_Encoding": "binary",
        "X_Experience_API_Hash": sha2(content),
    }
    return part(content, **(usual | headers))


def joined(*parts: bytes, boundary: str = BOUNDARY) -> bytes:
    between = f"--{boundary}\r\n".encode()
    return b"".join(between + each + b"\r\n" for each in parts) + f"--{boundary}--\r\n".encode()


def send(
    door: Door, *parts: bytes, body: bytes | None = None, content_type: str = CONTENT_TYPE, **query: str
) -> Any:
    """POST the parts, or PUT them where the address names a statement."""
    method = door.client.put if query else door.client.post
    content = joined(*parts) if body is None else body
    return method(STATEMENTS, content, content_type=content_type, query_params=query, headers=door.headers)


class Part(NamedTuple):
    headers: dict[str, str]
    content: bytes


def parts_of(answer: Any) -> list[Part]:
    """The parts of an answer, all of which is read."""
    return split(b"".join(answer.streaming_content), answer["Content-Type"])


def split(body: bytes, content_type: str) -> list[Part]:
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    beginning, *parts, end = (b"\r\n" + body).split(b"\r\n--" + boundary)
    assert (beginning, end) == (b"", b"--\r\n")
    return [_part(each.removeprefix(b"\r\n")) for each in parts]


def _part(text: bytes) -> Part:
    head, _, content = text.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")]
    return Part({name: value for name, _, value in lines}, content)
