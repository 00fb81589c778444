"""What every xAPI resource asks first: what is meant, in which version, by whom; and errors as JSON.

It runs on every request, so it reads what it needs from where the server left it, and asks the database once: for
the credential.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TypeVar

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from ..errors import Conflict, NotAllowed, NotFound, Outdated
from ..models import Credential
from ..queries import credential_of
from ..queries.credentials import Opened, opened_lately
from ..xapi import Invalid, multipart
from ..xapi.attachments import media_type
from ..xapi.preconditions import PreconditionFailed, PreconditionMissing
from ..xapi.versions import Version, version_of
from .alternate import Headers, Meant, from_form, parameters_of
from .answers import away, measured, not_this_way, refusal, spoken, unknown
from .bodies import Readable, TooLarge, hear_out, read_body, stream_of
from .cors import for_browsers, preflight

LARGEST_BODY = 10 * 1024 * 1024  # bytes: about 10,000 statements
T = TypeVar("T")
_VERSION = "x-experience-api-version"


@dataclass(frozen=True, slots=True)
class Asking:
    """A request to a resource, after the version, the credential and the method have been settled."""

    http: HttpRequest
    credential: Credential
    version: Version
    method: str
    parameters: Mapping[str, list[str]]
    headers: Mapping[str, str]
    content: bytes | None = (
        None  # where a form held it (Communication 1.3), or where it has been read already
    )
    opened: Opened | None = None  # where the credential was taken for granted: whoever uses it must ask

    def require(self, *scopes: str) -> None:
        """Raises NotAllowed unless the credential holds any of these scopes."""
        if not self.credential.allows(*scopes):
            raise NotAllowed(f"This needs a credential with one of these scopes: {', '.join(scopes)}.")

    def accept_only(self, *names: str) -> None:
        """Raises Invalid for a parameter that is none of these."""
        for name in self.parameters:
            if name not in names:
                raise Invalid(name, "is not a parameter of this resource")

    def only(self, name: str, read: Callable[[str], T]) -> T:
        """The one parameter of a resource that takes one. Raises Invalid."""
        self.accept_only(name)
        values = self.parameters.get(name, [])
        if len(values) != 1:
            raise Invalid(name, "must be given once" if values else "is missing")
        try:
            return read(values[0])
        except Invalid as fault:
            raise fault.under(name) from None

    def body(self) -> bytes:
        """The content, refused as soon as it is known to be too large."""
        return read_body(self.http, LARGEST_BODY) if self.content is None else self.content

    def stream(self) -> Readable:
        """The content, to be read bit by bit: whoever reads it sees to the limits. Raises Invalid."""
        return stream_of(self.http) if self.content is None else BytesIO(self.content)


Resource = Callable[[Asking], HttpResponseBase]
View = Callable[[HttpRequest], HttpResponseBase]

_STATUSES: dict[type[Exception], int] = {
    multipart.TooLarge: 413,
    Invalid: 400,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    PreconditionMissing: 409,
    PreconditionFailed: 412,
    TooLarge: 413,
}


def resource(
    *,
    before_reading: Callable[[], dict[str, str]] | None = None,
    confirms: Collection[str] = (),
    **methods: Resource,
) -> View:
    """A view that answers these methods, and HEAD wherever GET is; refusals become answers with the right status.

    `before_reading` gives headers that every answer to a GET carries, whatever its status; it is asked first.
    Methods that `confirms` names ask themselves whether the credential still holds, in the transaction in which they
    use it: they save one way to the database.
    """
    if "GET" in methods:
        methods = {"GET": methods["GET"], "HEAD": methods["GET"], **methods}

    def answer(request: HttpRequest, meant: Meant, added: dict[str, str]) -> HttpResponseBase:
        version = version_of(meant.headers.get(_VERSION, ""))
        if version is Version.TWO and meant.content is not None:
            raise Invalid("method", "is not a parameter of xAPI 2.0, which has no alternate request syntax")
        is_reading = meant.method in ("GET", "HEAD")
        headers = before_reading if before_reading and is_reading else dict
        if meant.method in confirms and (opened := _opened(meant)):
            # If anything at all is otherwise, nothing was done, and everything is to be asked with care.
            with suppress(Outdated, *_STATUSES):
                meant = _with_body(request, meant)
                added |= headers()
                return methods[meant.method](
                    _asking(request, meant, version, opened.secret.credential, opened)
                )
        credential = credential_of(meant.headers.get("authorization", ""))
        if credential is None:
            return unknown()
        view = methods.get(meant.method)
        if view is None:
            return not_this_way(methods)
        added |= headers()
        return view(_asking(request, meant, version, credential))

    return _guarded(answer, methods)


def _opened(meant: Meant) -> Opened | None:
    """What the credential opened lately, where nothing but JSON comes with the request."""
    if meant.method != "GET" and media_type(meant.headers.get("content-type", "")) != "application/json":
        return None
    return opened_lately(meant.headers.get("authorization", ""))


def _with_body(request: HttpRequest, meant: Meant) -> Meant:
    """With the body read, which can be done once only."""
    if meant.method == "GET" or meant.content is not None:
        return meant
    return replace(meant, content=read_body(request, LARGEST_BODY))


def _asking(
    request: HttpRequest,
    meant: Meant,
    version: Version,
    credential: Credential,
    opened: Opened | None = None,
) -> Asking:
    return Asking(
        request, credential, version, meant.method, meant.parameters, meant.headers, meant.content, opened
    )


def open_resource(view: Callable[[Mapping[str, list[str]]], HttpResponse]) -> View:
    """A view for everybody: no version and no credential is asked for. It is given the parameters."""

    def answer(request: HttpRequest, meant: Meant, added: dict[str, str]) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return not_this_way(("GET", "HEAD"))
        return view(meant.parameters)

    return _guarded(answer, ("GET", "HEAD"))


def _guarded(
    answer: Callable[[HttpRequest, Meant, dict[str, str]], HttpResponseBase],
    methods: Collection[str],
) -> View:
    """With every refusal in words, and with the headers that every answer carries (Communication 3.2 and 3.3)."""

    @csrf_exempt
    def gate(request: HttpRequest) -> HttpResponseBase:
        said = request.META.get("HTTP_X_EXPERIENCE_API_VERSION", "")
        added: dict[str, str] = {}
        try:
            if request.method == "OPTIONS":
                response: HttpResponseBase = preflight(methods)
            else:
                meant = _meant(request, said)
                said = meant.headers.get(_VERSION, "")
                response = answer(request, meant, added)
        except tuple(_STATUSES) as fault:
            response = _in_words(fault)
        except (OperationalError, InterfaceError) as fault:
            response = away(fault)
        for name, value in added.items():
            response[name] = value
        response["X-Experience-API-Version"] = spoken(said)
        # What a credential may read today it may not tomorrow; and with an ETag, asking again is cheap.
        response.setdefault("Cache-Control", "private, no-cache")
        for_browsers(response)
        if response.status_code >= 400:
            hear_out(request)
        return measured(response, is_head=request.method == "HEAD")

    return gate


def _meant(request: HttpRequest, said: str) -> Meant:
    """A query string arrives as bytes in the guise of Latin-1 (PEP 3333)."""
    try:
        query = parameters_of(request.META.get("QUERY_STRING", "").encode("latin-1").decode())
    except UnicodeError:
        raise Invalid("", "the parameters must be text in UTF-8, percent-encoded") from None
    if request.method == "POST" and "method" in query and not said.startswith("2"):
        return from_form(query, read_body(request, LARGEST_BODY), request.META)
    return Meant(request.method or "", query, Headers(request.META))


def _in_words(fault: Exception) -> HttpResponse:
    status = next(status for kind, status in _STATUSES.items() if isinstance(fault, kind))
    if isinstance(fault, Invalid):
        return refusal(status, fault.rule, fault.path)
    return refusal(status, str(fault), "id" if isinstance(fault, Conflict) else "")
