"""How the record keeps secrets, all with this service's own secret key.

What others show us is kept as a keyed digest. What we must show to others is sealed, and can be opened again.
"""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "learning.credential"
_SEAL = b"learning.sealed:"


class CannotOpen(Exception):
    """It was sealed with a secret key that this service no longer has."""


def digest_of(secret: str, key: str | None = None) -> str:
    return salted_hmac(_SALT, secret, secret=key, algorithm="sha256").hexdigest()


def is_secret_of(secret: str, digest: str) -> bool:
    """True if `digest` was made from `secret`, with the service's key of today or one it is changing from."""
    return any(constant_time_compare(digest_of(secret, key), digest) for key in keys())


def sealed(text: str) -> str:
    return _seal(keys()).encrypt(text.encode()).decode()


def opened(token: str) -> str:
    """What was sealed. Raises CannotOpen."""
    try:
        return _seal(keys()).decrypt(token.encode()).decode()
    except InvalidToken:
        raise CannotOpen from None


def keys() -> tuple[str, ...]:
    """The first makes what is new; all of them know what is old."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _seal(keys: tuple[str, ...]) -> MultiFernet:
    """A secret key is long and random, so one hash of it is key enough."""
    digests = (hashlib.sha256(_SEAL + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
