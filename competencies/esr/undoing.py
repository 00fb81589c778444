"""A file from ESR, taken back: its statements are voided, and evidence follows."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning.actions import void_statements
from workforce.imports.faults import Fault, Refused
from workforce.models import Organisation, User

from ..models import EsrImport, EsrImportUndoing


@transaction.atomic
def undo_esr_import(
    *, esr_import: EsrImport, reason: str, by: User, at: datetime | None = None
) -> EsrImportUndoing:
    """Take back what a file brought; what people showed otherwise stays. Raises `Refused` the second time."""
    if not reason.strip():
        raise ValidationError("Write down why the file is undone.")
    Organisation.objects.select_for_update().get(pk=esr_import.organisation_id)  # one file at a time
    if EsrImportUndoing.objects.filter(esr_import=esr_import).exists():
        raise Refused([Fault(0, "", "This file was undone before.", "There is nothing left to do.")])
    standing = esr_import.taken.filter(is_undone=False)
    void_statements(
        statement_ids=list(standing.order_by("pk").values_list("statement_id", flat=True)),
        by=by,
        reason="A file from ESR was taken back.",
        at=at,
    )
    standing.update(is_undone=True)
    return EsrImportUndoing.objects.create(
        esr_import=esr_import, undone_by=by, reason=reason.strip(), recorded_at=at or timezone.now()
    )
