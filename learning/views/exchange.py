"""Statements on their way through the Statement Resource, with or without their files (Communication 1.5)."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ..queries import attached_files, shaped
from ..xapi import Invalid, Received, each_statement
from ..xapi.attachments import media_type, with_their_files
from ..xapi.multipart import SentFile, is_multipart, read_multipart, write_multipart
from ..xapi.parameters import Asked
from ..xapi.signatures import with_right_signatures
from . import gate
from .gate import Asking


@contextmanager
def received(asking: Asking) -> Iterator[tuple[Iterator[Received], Mapping[str, SentFile]]]:
    """The statements that were sent, and their files by hash for as long as the context lasts. Raises Invalid.

    A PUT sends one. Each statement is read when it is asked for: a large batch is never held as structures all at once.
    """
    content_type = asking.headers.get("content-type", "")
    if is_multipart(content_type):
        with read_multipart(asking.stream(), content_type, gate.LARGEST_BODY) as sent:
            yield _checked(asking, sent.statements, sent.files), sent.files
    elif media_type(content_type) == "application/json":
        yield _checked(asking, asking.body(), {}), {}
    else:
        raise Invalid(
            "Content-Type", "must be application/json, or multipart/mixed where files are sent along"
        )


def _checked(asking: Asking, body: bytes, files: Mapping[str, SentFile]) -> Iterator[Received]:
    in_list = body.lstrip().startswith(b"[")
    if in_list and asking.method == "PUT":
        raise Invalid("", "must be one statement, and not a list")
    entries = with_their_files(each_statement(body, asking.version), files, in_list=in_list)
    return with_right_signatures(entries, files, asking.version, in_list=in_list)


def answer(
    asking: Asking, question: Asked, payloads: Sequence[str], before: str = "", after: str = ""
) -> HttpResponseBase:
    """The payloads, which the credential may read, in the format that was asked for, and their files if wished."""
    shapes = shaped(payloads, question.format, asking.headers.get("accept-language", ""))
    # They are JSON already: nothing is read or written again on the way out.
    text = f"{before}{','.join(shapes)}{after}"
    if not question.attachments:
        return HttpResponse(text, content_type="application/json")
    boundary = secrets.token_hex(16)
    files = () if asking.method == "HEAD" else attached_files(payloads)
    return StreamingHttpResponse(
        write_multipart(boundary, [text.encode()], files),
        content_type=f"multipart/mixed; boundary={boundary}",
    )
