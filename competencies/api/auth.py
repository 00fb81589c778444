"""Who asks: a program with its person's token; or, only to read, a person who is signed in and tries it out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.security.base import AuthBase

from workforce.models import User

from ..models import AccessToken
from .actions import note_use
from .problems import MayOnlyRead
from .queries import token_behind


@dataclass(frozen=True)
class Asker:
    """The person in whose name a request comes, and the one time that all of its answer is about."""

    user: User
    at: datetime
    token: AccessToken | None = None

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


class Token(HttpBearer):
    """Made under Your account, Access for programs. It acts as its person."""

    def authenticate(self, request: HttpRequest, token: str) -> Asker | None:
        at = timezone.now()
        found = token_behind(token, at)
        if found is None:
            return None
        note_use(token=found, at=at)
        return Asker(found.user, at, found)


class TokenToAct(Token):
    """The same, where its person let the program do more than read."""

    def authenticate(self, request: HttpRequest, token: str) -> Asker | None:
        asker = super().authenticate(request, token)
        if asker and asker.token and asker.token.may != AccessToken.May.VERIFY:
            raise MayOnlyRead
        return asker


class SignedIn(AuthBase):
    """Opens addresses of the documentation in a browser. It reads only, so that no other site can make it act."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Asker | None:
        if "Authorization" in request.headers or request.method != "GET" or not request.user.is_authenticated:
            return None
        return Asker(request.user, timezone.now())


TO_READ = [Token(), SignedIn()]
TO_ACT = TokenToAct()


def asker(request: HttpRequest) -> Asker:
    """Who asks, once ninja has let them in."""
    return cast(Asker, request.auth)  # type: ignore[attr-defined]
