import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .organisations import Organisation
from .people import User


class StaffImport(models.Model):
    """One staff list that was taken in: whose it was, the day it was true, and what it changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff_imports")
    on = models.DateField(help_text="The day on which the staff list was true.")
    is_partial = models.BooleanField(
        default=False,
        help_text="Covers only some of the staff, so nobody leaves by it.",
    )
    file_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    plan = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of all that it changed. Blank in lists taken in before that was kept.",
    )
    counts = models.JSONField(default=dict)
    imported_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_imports",
        help_text="Nobody: it was taken in on the command line.",
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at", "-pk"]
        verbose_name = "staff list"

    def __str__(self) -> str:
        return f"Staff list of {self.organisation} on {self.on:%d %B %Y}"


class StaffImportUndoing(models.Model):
    """A staff list was taken back: by whom, why, and when."""

    staff_import = models.OneToOneField(StaffImport, on_delete=models.PROTECT, related_name="undoing")
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="staff_imports_undone"
    )
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="undoing_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Write down why the list is undone.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_import}, undone"


class ListedChange(models.Model):
    """What a staff list changed about a person besides posts and leave: the value before, and after."""

    class Field(models.TextChoices):
        NAME = "name", "Name"
        EMAIL = "email", "E-mail address"
        FIRST_NHS_DAY = "first_nhs_day", "First day in NHS-funded care"
        STAFF_NUMBER = "staff_number", "Staff number"

    staff_import = models.ForeignKey(StaffImport, on_delete=models.PROTECT, related_name="changes")
    membership = models.ForeignKey(
        "workforce.Membership", on_delete=models.CASCADE, related_name="listed_changes"
    )
    field = models.CharField(max_length=20, choices=Field)
    before = models.CharField(max_length=254, null=True, blank=True)
    after = models.CharField(max_length=254)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff_import", "membership", "field"], name="listed_change_once"
            ),
            models.CheckConstraint(
                name="listed_change_changes", condition=Q(before__isnull=True) | ~Q(before=F("after"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()} by {self.staff_import}"


class StaffUpload(models.Model):
    """A staff list between its preview and its confirmation, kept for a day. Only while it waits is the file kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="staff_uploads")
    uploaded_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_uploads")
    on = models.DateField()
    is_partial = models.BooleanField(default=False)
    leavers_expected = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    data = models.BinaryField(null=True)
    plan = models.CharField(max_length=64, blank=True, help_text="SHA-256 of all that it would change.")
    counts = models.JSONField(default=dict)
    people = models.JSONField(default=list, help_text="Everybody it would change, and how, in words.")
    faults = models.JSONField(default=list, help_text="All that is wrong with the file.")
    staff_import = models.OneToOneField(
        StaffImport, on_delete=models.CASCADE, null=True, blank=True, related_name="upload"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="upload_is_refused_or_planned",
                condition=Q(faults=[]) ^ Q(plan=""),
            ),
            models.CheckConstraint(
                name="upload_keeps_its_file_while_it_waits",
                condition=Q(data__isnull=False, staff_import__isnull=True) & ~Q(plan="")
                | Q(data__isnull=True, staff_import__isnull=False) & ~Q(plan="")
                | Q(data__isnull=True, staff_import__isnull=True, plan=""),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
