"""What every xAPI resource asks first: the version, the credential, and errors as JSON."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ..errors import Conflict, NotAllowed
from ..models import Credential
from ..queries import credential_for
from ..xapi import Invalid

VERSION = "1.0.3"
_VERSION = re.compile(r"(1\.0(\.\d+)?|2\.0(\.\d+)?)", re.ASCII)
LARGEST_BODY = 10 * 1024 * 1024  # bytes: about 10,000 statements

Resource = Callable[[HttpRequest, Credential], HttpResponse]


class TooLarge(Exception):
    """The request's body is larger than LARGEST_BODY."""


def refusal(status: int, error: str, path: str = "") -> JsonResponse:
    """`path` is where in the request; empty for the whole of it."""
    return JsonResponse({"error": error, "path": path}, status=status)


def resource(view: Resource) -> Callable[[HttpRequest], HttpResponse]:
    """A view that is given the credential, and whose refusals become answers with the right status."""

    @csrf_exempt
    @wraps(view)
    def gate(request: HttpRequest) -> HttpResponse:
        version = request.headers.get("X-Experience-API-Version", "")
        response = _answer(view, request, version)
        response["X-Experience-API-Version"] = "2.0.0" if version.startswith("2") else VERSION
        return response

    return gate


def body_of(request: HttpRequest) -> bytes:
    """The body, refused as soon as it is known to be too large."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Invalid("Content-Length", "must be a whole number")
    if int(length) > LARGEST_BODY:
        raise TooLarge
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise TooLarge
    return body


def _answer(view: Resource, request: HttpRequest, version: str) -> HttpResponse:
    if not _VERSION.fullmatch(version):
        return refusal(400, "Send the header X-Experience-API-Version: 1.0.3.", "X-Experience-API-Version")
    credential = _credential(request)
    if credential is None:
        response = refusal(401, "Sign in with HTTP basic authentication: the key and secret of a credential.")
        response["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
        return response
    try:
        return view(request, credential)
    except Invalid as fault:
        return refusal(400, fault.rule, fault.path)
    except NotAllowed as fault:
        return refusal(403, str(fault))
    except Conflict as fault:
        return refusal(409, str(fault), "id")
    except TooLarge:
        return refusal(413, f"Send no more than {LARGEST_BODY} bytes in one request.")


def _credential(request: HttpRequest) -> Credential | None:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    # PostgreSQL refuses to compare with a text that holds U+0000.
    return None if "\x00" in key else credential_for(key, secret)
