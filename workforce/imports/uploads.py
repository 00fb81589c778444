"""A staff list on its way in: previewed, kept until it is confirmed, then taken in exactly as previewed."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from workforce.imports.faults import Refused
from workforce.imports.plans import in_order
from workforce.imports.staff import FILE_NAME_LENGTH, Summary, import_staff
from workforce.models import Organisation, StaffImport, StaffUpload, User

KEPT = timedelta(days=1)


def upload_staff_list(
    *,
    organisation: Organisation,
    data: bytes,
    on: date,
    by: User,
    file_name: str,
    partial: bool = False,
    leavers_expected: bool = False,
    at: datetime | None = None,
) -> StaffUpload:
    """Keep a staff list with what it would change, or, of a list with faults, only what is wrong with it."""
    at = at or timezone.now()
    forget_uploads(before=at - KEPT)
    upload = StaffUpload(
        organisation=organisation,
        uploaded_by=by,
        on=on,
        is_partial=partial,
        leavers_expected=leavers_expected,
        file_name=file_name[-FILE_NAME_LENGTH:],
        recorded_at=at,
    )
    _preview(upload, data)
    return upload


@transaction.atomic
def preview_again(*, upload: StaffUpload) -> StaffUpload:
    """What a list that waits would change by now."""
    upload = StaffUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.data is not None:
        _preview(upload, bytes(upload.data))
    return upload


def _preview(upload: StaffUpload, data: bytes) -> None:
    upload.plan, upload.counts, upload.people, upload.faults, upload.data = "", {}, [], [], None
    try:
        summary = _import(upload, data, dry_run=True)
    except Refused as refused:
        upload.faults = [[each.row, each.column, each.problem, each.remedy] for each in refused.faults]
    else:
        upload.plan, upload.counts, upload.people = summary.plan, summary.counts, in_order(summary.told)
        upload.data = data
    upload.save()


@transaction.atomic
def confirm_upload(*, upload: StaffUpload, plan: str, at: datetime | None = None) -> StaffImport:
    """Take in a list as it was previewed; once more does nothing. `plan` is that of the preview that was seen.

    Raises `Stale` where it would change something else by now, and `Refused` where it can no longer be taken in.
    """
    upload = StaffUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.staff_import is not None:
        return upload.staff_import
    summary = _import(upload, bytes(upload.data or b""), plan=plan, at=at)
    upload.staff_import, upload.data, upload.people = summary.staff_import, None, []
    upload.save(update_fields=["staff_import", "data", "people"])
    return StaffImport.objects.get(upload=upload)


def _import(
    upload: StaffUpload,
    data: bytes,
    *,
    dry_run: bool = False,
    plan: str | None = None,
    at: datetime | None = None,
) -> Summary:
    return import_staff(
        organisation=upload.organisation,
        data=data,
        on=upload.on,
        partial=upload.is_partial,
        leavers_expected=upload.leavers_expected,
        file_name=upload.file_name,
        by=upload.uploaded_by,
        dry_run=dry_run,
        plan=plan,
        at=at,
    )


def forget_uploads(*, before: datetime) -> int:
    """Delete what was uploaded before a moment: names and addresses are not kept longer than they are needed."""
    deleted, _ = StaffUpload.objects.filter(recorded_at__lt=before).delete()
    return deleted
