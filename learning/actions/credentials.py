import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import Organisation

from ..models import Credential
from ..secrets import digest_of


@transaction.atomic
def create_credential(
    *,
    name: str,
    scopes: Sequence[str],
    organisation: Organisation | None = None,
    gives_evidence: bool = False,
) -> tuple[Credential, str]:
    """A new credential and its secret, which is shown this once and kept nowhere. Raises ValidationError."""
    unknown = sorted(set(scopes) - set(Credential.Scope.values))
    if unknown or not scopes:
        known = ", ".join(Credential.Scope.values)
        raise ValidationError(f"Give the credential one or more of these scopes: {known}.")
    secret = secrets.token_urlsafe(32)
    credential = Credential.objects.create(
        key=secrets.token_hex(12),
        digest=digest_of(secret),
        name=name,
        organisation=organisation,
        scopes=sorted(set(scopes)),
        gives_evidence=gives_evidence,
    )
    return credential, secret


@transaction.atomic
def revoke_credential(*, credential: Credential, at: datetime | None = None) -> None:
    """Close the credential for good. What it wrote stays."""
    Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True).update(
        revoked_at=at or timezone.now()
    )
    credential.refresh_from_db()
