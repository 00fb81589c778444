from ..models import Credential
from ..secrets import is_secret_of


def credential_for(key: str, secret: str) -> Credential | None:
    """The credential in force with this key and secret."""
    credential = Credential.objects.filter(key=key, revoked_at__isnull=True).first()
    return credential if credential and is_secret_of(secret, credential.digest) else None
