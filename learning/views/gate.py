"""What every xAPI resource asks first: the version, the credential, and errors as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ..errors import Conflict, NotAllowed
from ..models import Credential
from ..queries import credential_of
from ..xapi import Invalid
from ..xapi.versions import Version, version_of

LARGEST_BODY = 10 * 1024 * 1024  # bytes: about 10,000 statements


class TooLarge(Exception):
    """The request's body is larger than LARGEST_BODY."""


@dataclass(frozen=True)
class Asking:
    """A request to a resource, after the version, the credential and the method have been settled."""

    http: HttpRequest
    credential: Credential
    version: Version
    method: str
    parameters: Mapping[str, list[str]]
    headers: Mapping[str, str]

    def require(self, *scopes: str) -> None:
        """Raises NotAllowed unless the credential holds any of these scopes."""
        if not self.credential.allows(*scopes):
            raise NotAllowed(f"This needs a credential with one of these scopes: {', '.join(scopes)}.")

    def accept_only(self, *names: str) -> None:
        """Raises Invalid for a parameter that is none of these."""
        for name in self.parameters:
            if name not in names:
                raise Invalid(name, "is not a parameter of this resource")

    def body(self) -> bytes:
        """The body, refused as soon as it is known to be too large."""
        length = self.headers.get("content-length") or "0"
        if not (length.isascii() and length.isdigit()):
            raise Invalid("Content-Length", "must be a whole number")
        if int(length) > LARGEST_BODY:
            raise TooLarge
        body = self.http.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge
        return body


Resource = Callable[[Asking], HttpResponse]


def refusal(status: int, error: str, path: str = "") -> JsonResponse:
    """`path` is where in the request; empty for the whole of it."""
    return JsonResponse({"error": error, "path": path}, status=status)


def resource(**methods: Resource) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers these methods, and HEAD wherever GET is; refusals become answers with the right status."""
    if "GET" in methods:
        methods = {"GET": methods["GET"], "HEAD": methods["GET"], **methods}

    @csrf_exempt
    def gate(request: HttpRequest) -> HttpResponse:
        try:
            version = version_of(request.headers.get("X-Experience-API-Version", ""))
        except Invalid as fault:
            version = Version.ONE
            response: HttpResponse = refusal(400, fault.rule, fault.path)
        else:
            response = _answer(methods, request, version)
        response["X-Experience-API-Version"] = version.value
        return response

    return gate


def _answer(methods: Mapping[str, Resource], request: HttpRequest, version: Version) -> HttpResponse:
    credential = credential_of(request.headers.get("Authorization", ""))
    if credential is None:
        response: HttpResponse = refusal(
            401,
            "Sign in with HTTP basic authentication, by the key and secret of a credential, or with a bearer token.",
        )
        response["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8", Bearer realm="xAPI"'
        return response
    view = methods.get(request.method or "")
    if view is None:
        response = refusal(405, f"Use one of {', '.join(methods)}.")
        response["Allow"] = ", ".join(methods)
        return response
    asking = Asking(
        http=request,
        credential=credential,
        version=version,
        method=request.method or "",
        parameters={name: request.GET.getlist(name) for name in request.GET},
        headers={name.lower(): value for name, value in request.headers.items()},
    )
    return _in_words(view, asking)


def _in_words(view: Resource, asking: Asking) -> HttpResponse:
    try:
        return view(asking)
    except Invalid as fault:
        return refusal(400, fault.rule, fault.path)
    except NotAllowed as fault:
        return refusal(403, str(fault))
    except Conflict as fault:
        return refusal(409, str(fault), "id")
    except TooLarge:
        return refusal(413, f"Send no more than {LARGEST_BODY} bytes in one request.")
