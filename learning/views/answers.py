"""Answers that every xAPI resource gives: what was found, and refusals in words (Communication 3.2)."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from ..actions.documents import etag_of
from ..xapi.preconditions import is_fresh
from ..xapi.versions import Version

RETRY_AFTER = 5  # seconds
# A request that names no version is one of xAPI 0.9, which had no such header: it is refused in that one's name.
BEFORE_THE_HEADER = "0.9"

log = logging.getLogger(__name__)


def found(
    headers: Mapping[str, str], content: bytes, content_type: str, etag: str, updated: datetime | None = None
) -> HttpResponse:
    """What was asked for, or only that it is still the same (Communication 3.1; RFC 9110, 13.1.2)."""
    response: HttpResponse
    if is_fresh(headers, etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{etag}"'
    if updated:
        response["Last-Modified"] = http_date(updated.timestamp())
    return response


def found_json(headers: Mapping[str, str], value: object, updated: datetime | None = None) -> HttpResponse:
    content = msgspec.json.encode(value)
    return found(headers, content, "application/json", etag_of(content), updated)


def nothing() -> HttpResponse:
    """204 No Content."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def refusal(status: int, error: str, path: str = "") -> JsonResponse:
    """`path` is where in the request; empty for the whole of it."""
    return JsonResponse({"error": error, "path": path}, status=status)


def away(fault: Exception) -> HttpResponse:
    """Nothing was stored, or it was and the answer is lost: a client that asks again ends with exactly one."""
    log.error("The database did not answer: %s", str(fault).strip())
    response = refusal(503, "The database cannot be reached just now. Send the same request again.")
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def unknown() -> HttpResponse:
    response = refusal(
        401,
        "Sign in with HTTP basic authentication, by the key and secret of a credential, or with a bearer token.",
    )
    response["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8", Bearer realm="xAPI"'
    return response


def not_this_way(methods: Iterable[str]) -> HttpResponse:
    response = refusal(405, f"Use one of {', '.join(methods)}.")
    response["Allow"] = ", ".join(methods)
    return response


def spoken(said: str) -> str:
    """The newest patch of the family that was asked for; whoever asks for an unknown one is told of 1.0."""
    if not said:
        return BEFORE_THE_HEADER
    return Version.TWO.value if said.startswith("2") else Version.ONE.value


def measured(response: HttpResponseBase, *, is_head: bool) -> HttpResponseBase:
    """With its length said; and HEAD is answered as the same GET would be, but for the body (Communication 1.1)."""
    if isinstance(response, HttpResponse) and response.status_code not in (204, 304):
        response["Content-Length"] = str(len(response.content))
        if is_head:
            response.content = b""
    return response
