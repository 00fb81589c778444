"""How the record keeps the secrets of credentials: a digest keyed with this service's own secret key."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "learning.credential"


def digest_of(secret: str, key: str | None = None) -> str:
    return salted_hmac(_SALT, secret, secret=key, algorithm="sha256").hexdigest()


def is_secret_of(secret: str, digest: str) -> bool:
    """True if `digest` was made from `secret`, with the service's key of today or one it is changing from."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(digest_of(secret, key), digest) for key in keys)
