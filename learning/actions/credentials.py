import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import Organisation, User

from ..models import Credential, Secret
from ..secrets import digest_of

# The old one and the new one, while a system changes over.
MOST_SECRETS = 2


@transaction.atomic
def create_credential(
    *,
    name: str,
    scopes: Sequence[str],
    organisation: Organisation | None = None,
    gives_evidence: bool = False,
    by: User | None = None,
) -> tuple[Credential, str]:
    """A new credential and its secret, which is shown this once and kept nowhere. Raises ValidationError."""
    unknown = sorted(set(scopes) - set(Credential.Scope.values))
    if unknown or not scopes:
        known = ", ".join(Credential.Scope.values)
        raise ValidationError(f"Give the credential one or more of these scopes: {known}.")
    credential = Credential.objects.create(
        key=secrets.token_hex(12),
        name=name,
        organisation=organisation,
        scopes=sorted(set(scopes)),
        gives_evidence=gives_evidence,
    )
    return credential, _new_secret(credential, by)


@transaction.atomic
def add_secret(*, credential: Credential, by: User | None = None) -> str:
    """One more secret beside the one in use, shown this once and kept nowhere. Raises ValidationError."""
    # Two at once would otherwise both find room for one more.
    locked = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if locked.revoked_at:
        raise ValidationError("This credential is revoked for good. Make a new one.")
    if locked.secrets.filter(ended_at__isnull=True).count() >= MOST_SECRETS:
        raise ValidationError(f"{MOST_SECRETS} secrets are in force. End the older one first.")
    return _new_secret(locked, by)


@transaction.atomic
def end_secret(*, secret: Secret, by: User | None = None, at: datetime | None = None) -> None:
    """Close one secret at once, and with it every token that was made from it."""
    Secret.objects.filter(pk=secret.pk, ended_at__isnull=True).update(
        ended_at=at or timezone.now(), ended_by=by
    )
    secret.refresh_from_db()


@transaction.atomic
def revoke_credential(*, credential: Credential, by: User | None = None, at: datetime | None = None) -> None:
    """Close the credential for good, with its secrets and tokens. What it wrote stays."""
    Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True).update(
        revoked_at=at or timezone.now(), revoked_by=by
    )
    credential.refresh_from_db()


def _new_secret(credential: Credential, by: User | None) -> str:
    # Behind a letter: one that began with a hyphen would be an option in a command.
    secret = "s" + secrets.token_urlsafe(32)
    Secret.objects.create(credential=credential, digest=digest_of(secret), created_by=by)
    return secret
