import base64
import binascii

from ..models import Credential
from ..secrets import is_secret_of


def credential_of(authorization: str) -> Credential | None:
    """Whose the header Authorization is, with their organisation; None if it opens nothing."""
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    # PostgreSQL refuses to compare with a text that holds U+0000.
    return None if "\x00" in key else credential_for(key, secret)


def credential_for(key: str, secret: str) -> Credential | None:
    """The credential in force with this key and secret."""
    held = Credential.objects.filter(key=key, revoked_at__isnull=True).select_related("organisation")
    credential = held.first()
    return credential if credential and is_secret_of(secret, credential.digest) else None
