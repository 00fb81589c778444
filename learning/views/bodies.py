"""The bodies of requests, as far as they are read at once: not too large, and whole."""

from typing import Protocol

from django.http import HttpRequest, UnreadablePostError

from ..xapi import Invalid

MOST_HEARD_OUT = 64 * 1024 * 1024  # bytes
_CHUNK = 64 * 1024


class TooLarge(Exception):
    """The body is larger than is read at once."""

    def __init__(self, most: int) -> None:
        super().__init__(f"Send no more than {most} bytes in one request.")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_body(request: HttpRequest, most: int) -> bytes:
    """All of it, refused before it is read if it is too large. Raises TooLarge and Invalid."""
    length = _length(request, most)
    try:
        body = request.read(length)
    except UnreadablePostError:
        body = b""
    if len(body) != length:
        raise Invalid("Content-Length", "must be the number of bytes that are sent, and they must all arrive")
    return body


def stream_of(request: HttpRequest) -> Readable:
    """To be read bit by bit: whoever reads it sees to the limits. Raises Invalid."""
    _check_coding(request)
    return request


def hear_out(request: HttpRequest) -> None:
    """Read what is left of a refused body: most clients hear no answer before they have said everything."""
    left = MOST_HEARD_OUT if request.META.get("CONTENT_LENGTH") else 0
    try:
        while left > 0 and (heard := request.read(min(left, _CHUNK))):
            left -= len(heard)
    except UnreadablePostError:
        return


def _check_coding(request: HttpRequest) -> None:
    """A body in chunks that breaks off looks whole from here: better to say so than to keep half a document."""
    if not request.META.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" in request.META:
        raise Invalid("Content-Length", "must be sent: a body in chunks is not read")
    if request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in ("", "identity"):
        raise Invalid("Content-Encoding", "must be left out: a body that is compressed is not read")


def _length(request: HttpRequest, most: int) -> int:
    _check_coding(request)
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length or "0").isascii() or not (length or "0").isdigit():
        raise Invalid("Content-Length", "must be a whole number")
    # Compared as text first: Python reads no number of thousands of digits.
    if len(length.lstrip("0")) > 18 or int(length or 0) > most:
        raise TooLarge(most)
    return int(length or 0)
