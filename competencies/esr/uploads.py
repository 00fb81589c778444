"""A file from ESR on its way in: previewed, kept until it is confirmed, then taken in exactly as previewed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from workforce.imports.faults import Refused
from workforce.imports.staff import FILE_NAME_LENGTH
from workforce.models import Organisation, User

from ..models import EsrImport, EsrUpload
from .importing import import_esr
from .planning import in_order

KEPT = timedelta(days=1)


def upload_esr(
    *, organisation: Organisation, data: bytes, by: User, file_name: str, at: datetime | None = None
) -> EsrUpload:
    """Keep a file from ESR with what it would bring, or, of a file with faults, only what is wrong with it."""
    at = at or timezone.now()
    forget_esr_uploads(before=at - KEPT)
    upload = EsrUpload(
        organisation=organisation, uploaded_by=by, file_name=file_name[-FILE_NAME_LENGTH:], recorded_at=at
    )
    _preview(upload, data)
    return upload


@transaction.atomic
def preview_esr_again(*, upload: EsrUpload) -> EsrUpload:
    """What a file that waits would bring by now."""
    upload = EsrUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.data is not None:
        _preview(upload, bytes(upload.data))
    return upload


def _preview(upload: EsrUpload, data: bytes) -> None:
    upload.plan, upload.counts, upload.rows, upload.faults, upload.data = "", {}, [], [], None
    try:
        plan = import_esr(
            organisation=upload.organisation, data=data, by=upload.uploaded_by, dry_run=True
        ).plan
    except Refused as refused:
        upload.faults = [[each.row, each.column, each.problem, each.remedy] for each in refused.faults]
    else:
        upload.plan, upload.counts, upload.rows = plan.digest, plan.counts, list(in_order(plan.told))
        upload.data = data
    upload.save()


@transaction.atomic
def confirm_esr(*, upload: EsrUpload, plan: str, at: datetime | None = None) -> EsrImport | None:
    """Take in a file as it was previewed; once more does nothing. None where nothing is new.

    Raises `Stale` where it would bring something else by now, and `Refused` where it can no longer be taken in.
    """
    upload = EsrUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.esr_import is not None:
        return upload.esr_import
    taken_in = import_esr(
        organisation=upload.organisation,
        data=bytes(upload.data or b""),
        file_name=upload.file_name,
        by=upload.uploaded_by,
        plan=plan,
        at=at,
    ).esr_import
    if taken_in is None:
        return None
    upload.esr_import, upload.data, upload.rows = taken_in, None, []
    upload.save(update_fields=["esr_import", "data", "rows"])
    return taken_in


def forget_esr_uploads(*, before: datetime) -> int:
    """Delete what was uploaded before a moment: it is not kept longer than it is needed."""
    deleted, _ = EsrUpload.objects.filter(recorded_at__lt=before).delete()
    return deleted
