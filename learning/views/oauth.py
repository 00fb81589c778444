"""Where a system changes its key and secret for a bearer token: OAuth 2.0 client credentials (RFC 6749, 4.4).

Authlib walks the standard's steps; here stands what it must know of this record, and where we are stricter.
"""

from authlib.oauth2 import AuthorizationServer, ClientAuthentication, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import scope_to_list
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..models import Secret
from ..queries.credentials import basic_pair, note_use, scopes_within, secret_of
from ..tokens import token_for
from .answers import away
from .bodies import hear_out

_METHODS = ["client_secret_basic", "client_secret_post"]


class _Client:
    """A secret of a credential, in the words of Authlib."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in _METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == ClientCredentialsGrant.GRANT_TYPE

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What was asked for, or all that the credential holds; None for more than it may."""
        asked = set(scope_to_list(scope or "")) or set(self.secret.credential.scopes)
        return " ".join(sorted(asked)) if asked <= scopes_within(self.secret.credential.scopes) else None


class _Request(OAuth2Request):
    """Only the body counts: a secret in an address would be kept in logs (RFC 6749, 2.3.1)."""

    def __init__(self, http: HttpRequest) -> None:
        # That it came encrypted is seen to by the setting HTTPS, which knows about proxies, and not here.
        super().__init__(http.method, f"https://record{http.path}", headers=http.headers)
        self.payload = BasicOAuth2Payload({name: value for name, value in http.POST.items() if value})

    @property
    def form(self) -> dict[str, str]:
        values: dict[str, str] = self.payload.data
        return values


class _Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS


class _Server(AuthorizationServer):
    def authenticate_client(self, request: _Request, methods: list[str], endpoint: str = "token") -> _Client:
        """Raises the library's InvalidClientError."""
        authenticate = ClientAuthentication(query_client=None)
        authenticate.register("client_secret_basic", _by_header)
        authenticate.register("client_secret_post", _by_body)
        client: _Client = authenticate(request, methods, endpoint)
        return client

    def create_oauth2_request(self, request: HttpRequest) -> _Request:
        return _Request(request)

    def handle_response(
        self, status: int, body: dict[str, object], headers: list[tuple[str, str]]
    ) -> HttpResponse:
        response = JsonResponse(body, status=status)
        for name, value in headers:
            response[name] = value.replace("Basic ", 'Basic realm="xAPI", ', 1)
        return response

    def save_token(self, token: dict[str, object], request: OAuth2Request) -> None:
        note_use(request.client.secret)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""


def _by_header(query_client: object, request: _Request) -> _Client | None:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    pair = basic_pair(encoded) if kind.lower() == "basic" else None
    return _client(*pair) if pair else None


def _by_body(query_client: object, request: _Request) -> _Client | None:
    return _client(request.form.get("client_id", ""), request.form.get("client_secret", ""))


def _client(key: str, secret: str) -> _Client | None:
    found = secret_of(key, secret) if key and secret else None
    return _Client(found) if found else None


def _token(client: _Client, scope: str, **_: object) -> str:
    return token_for(client.secret.pk, scope.split())


_SERVER = _Server()
_SERVER.register_grant(_Grant)
_SERVER.register_token_generator(
    "default", BearerTokenGenerator(_token, expires_generator=lambda *_: settings.XAPI_TOKEN_SECONDS)
)


def _check_form(request: HttpRequest) -> None:
    """Raises what RFC 6749, 5.2 calls an invalid request."""
    try:
        has_grant = "grant_type" in request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise InvalidRequestError("Send a small form that arrives whole.") from None
    if not has_grant:
        raise InvalidRequestError("Send grant_type in the body, as a form.")
    for name, values in request.POST.lists():
        if len(values) > 1 and name in {"grant_type", "scope", "client_id", "client_secret"}:
            raise InvalidRequestError(f"{name} must be given once.")
    if "client_secret" in request.POST and "Authorization" in request.headers:
        raise InvalidRequestError("Send the secret in the header or in the body, not in both.")


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """POST /xapi/oauth/token."""
    try:
        _check_form(request)
        response: HttpResponse = _SERVER.create_token_response(request)
    except OAuth2Error as fault:
        response = _SERVER.handle_response(*fault())
    except (OperationalError, InterfaceError) as fault:
        response = away(fault)
    if response.status_code >= 400:
        hear_out(request)
    return response
