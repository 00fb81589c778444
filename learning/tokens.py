"""Bearer tokens (RFC 6750): who, and which scopes, signed with this service's own secret key.

Nothing of a token is kept. It names the secret that it was made from, and whoever reads it looks that up: so a
token ends with its secret or its credential, and one query serves a request whichever way it comes.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner


class Token(NamedTuple):
    secret_id: int
    scopes: list[str]


def token_for(secret_id: int, scopes: Iterable[str]) -> str:
    return _signer().sign_object([secret_id, *scopes])


def read_token(text: str) -> Token | None:
    """What a token says, or None if it is not ours or has expired."""
    try:
        secret_id, *scopes = _signer().unsign_object(text, max_age=settings.XAPI_TOKEN_SECONDS)
    except BadSignature:
        return None
    return Token(secret_id, scopes)


def _signer() -> TimestampSigner:
    """RFC 6750 leaves no ":" in a token."""
    return TimestampSigner(salt="learning.token", sep=".")
