"""Keys that sign badges, and the signatures they make: compact JWS with RS256, which every reader of badges knows."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import extract_compact

from learning.secrets import CannotOpen, opened, sealed

from ..models import SigningKey
from .openbadges import Issuer, claims

ALGORITHM = "RS256"  # Open Badges 3.0, 8.2.3: the one that must be known
BITS = 3072


@dataclass(frozen=True)
class KeyPair:
    """A fresh key: its public half to publish, its private half already sealed."""

    public: dict[str, Any]
    private: str


def issuer() -> Issuer:
    return Issuer(settings.PUBLIC_URL.rstrip("/"), settings.SERVICE_NAME, settings.SERVICE_CONTACT)


def new_key_pair() -> KeyPair:
    key = RSAKey.generate_key(BITS)
    return KeyPair(dict(key.as_dict(private=False)), sealed(key.as_pem(private=True).decode()))


def published(key: SigningKey) -> dict[str, Any]:
    """The key as anybody may have it: it is known by the address where it can be fetched."""
    return {**key.public, "kid": issuer().key(key.uuid), "alg": ALGORITHM, "use": "sig"}


def can_sign(key: SigningKey) -> bool:
    """Whether its private half can still be opened."""
    try:
        return bool(opened(key.private))
    except CannotOpen:
        return False


def signed(content: dict[str, Any], key: SigningKey) -> str:
    """The credential as a compact JWS. Raises CannotOpen where the key was sealed with a lost secret key."""
    header = {"alg": ALGORITHM, "kid": issuer().key(key.uuid), "typ": "JWT"}
    return jwt.encode(header, claims(content), _loaded(opened(key.private)))


@lru_cache(maxsize=2)
def _loaded(pem: str) -> RSAKey:
    """Its numbers are checked when it is loaded, which takes ten times as long as to sign."""
    return RSAKey.import_key(pem)


def key_of(token: str) -> UUID | None:
    """Which key a text says it was signed with; None where it is no signed text of this kind."""
    try:
        header = extract_compact(token.encode()).headers()
        return UUID(str(header.get("kid", "")).rstrip("/").rpartition("/")[2])
    except (JoseError, ValueError):
        return None


def read(token: str, key: SigningKey) -> dict[str, Any] | None:
    """What a signed text says, or None where the key did not sign it."""
    try:
        return jwt.decode(token, RSAKey.import_key(key.public), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return None
