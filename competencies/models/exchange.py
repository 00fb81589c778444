"""The exchange with the Electronic Staff Record (ESR) by file: names, what went out, and what was taken in."""

import uuid
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from learning.models import Statement
from workforce.models import Membership, Organisation, User

from .framework import Capability

TAUGHT_LEVELS = (1, 2)  # higher ones take practice, which no file can show


class EsrProfile(models.Model):
    """How ESR knows an organisation. One without a profile sends no files and takes none in by itself."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="esr_profile")
    vpd = models.CharField(
        "VPD",
        max_length=3,
        unique=True,
        validators=[
            RegexValidator(r"\A[0-9]{3}\Z", "Write the 3 digits of the organisation's VPD, such as 457.")
        ],
        help_text="The 3-digit number of the organisation in ESR. Its competence names begin with it.",
    )

    class Meta:
        ordering = ["organisation"]
        verbose_name = "ESR profile"
        constraints = [
            models.CheckConstraint(name="esr_vpd_has_3_digits", condition=Q(vpd__regex=r"^[0-9]{3}$")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.vpd} in ESR"


class EsrName(models.Model):
    """A competence as ESR names it, which shows something that people have learned elsewhere.

    `uuid` is the activity that statements name. `folded` is the name with what files spell differently levelled.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="esr_names",
        help_text="Whose name it is. Leave it empty for a name of national learning, which holds everywhere.",
    )
    name = models.CharField(max_length=240, help_text="Exactly as in ESR, with its number and any “|”.")
    folded = models.CharField(max_length=720, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "ESR name"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "folded"],
                nulls_distinct=False,
                name="esr_name_once",
                violation_error_message="This name is there already.",
            ),
            models.CheckConstraint(name="esr_name_is_folded", condition=~Q(folded="")),
        ]

    def __str__(self) -> str:
        return self.name


class EsrCredit(models.Model):
    """What a competence of ESR counts for here: a capability at level 1 or 2."""

    esr_name = models.ForeignKey(EsrName, on_delete=models.CASCADE, related_name="credits")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="esr_credits")
    level = models.PositiveSmallIntegerField(choices=[(level, str(level)) for level in TAUGHT_LEVELS])

    class Meta:
        ordering = ["capability__code"]
        verbose_name = "credit"
        constraints = [
            models.UniqueConstraint(fields=["esr_name", "capability"], name="esr_credit_once"),
            models.CheckConstraint(name="esr_credit_level_1_or_2", condition=Q(level__in=TAUGHT_LEVELS)),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}"


class EsrExport(models.Model):
    """A file for ESR that was made: of whose staff, for which day, by whom, and how long it was."""

    class Way(models.TextChoices):
        DOWNLOAD = "download", "Downloaded"
        COMMAND = "command", "On the command line"
        NIGHTLY = "nightly", "Each night, into the folder"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="esr_exports")
    on = models.DateField(help_text="The day on which it is true.")
    way = models.CharField(max_length=10, choices=Way)
    file_name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    exported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="esr_exports"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at", "-pk"]
        verbose_name = "file for ESR"
        verbose_name_plural = "files for ESR"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "on"], condition=Q(way="nightly"), name="esr_export_once_a_night"
            ),
            models.CheckConstraint(
                name="esr_download_has_a_person",
                condition=Q(way="download", exported_by__isnull=False)
                | (~Q(way="download") & Q(exported_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class EsrImport(models.Model):
    """A file from ESR that was taken in. One that brings nothing new leaves no row here."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="esr_imports")
    file_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    counts = models.JSONField(default=dict)
    imported_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="esr_imports",
        help_text="Nobody: it was taken in on the command line or from the folder.",
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at", "-pk"]
        verbose_name = "file from ESR"
        verbose_name_plural = "files from ESR"

    def __str__(self) -> str:
        return f"{self.file_name or 'File from ESR'}, {self.recorded_at:%d/%m/%Y}"


class EsrImportUndoing(models.Model):
    """A file from ESR was taken back: by whom, why, and when."""

    esr_import = models.OneToOneField(EsrImport, on_delete=models.PROTECT, related_name="undoing")
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="esr_imports_undone")
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="esr_undoing_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Write down why the file is undone.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.esr_import}, undone"


class EsrTaken(models.Model):
    """One row of a file from ESR that became a statement. While it stands, the same row brings nothing new."""

    esr_import = models.ForeignKey(EsrImport, on_delete=models.PROTECT, related_name="taken")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="esr_taken")
    esr_name = models.ForeignKey(EsrName, on_delete=models.PROTECT, related_name="taken")
    awarded = models.DateField()
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="esr_taken")
    is_undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "esr_name", "awarded"],
                condition=Q(is_undone=False),
                name="esr_taken_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.esr_name}, {self.awarded}"


class EsrUpload(models.Model):
    """A file from ESR between its preview and its confirmation, kept for a day for whoever sent it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="esr_uploads")
    uploaded_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="esr_uploads")
    file_name = models.CharField(max_length=200)
    data = models.BinaryField(null=True)
    plan = models.CharField(max_length=64, blank=True, help_text="SHA-256 of all that it would change.")
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list, help_text="What would happen to each row, in words.")
    faults = models.JSONField(default=list, help_text="All that is wrong with the file.")
    esr_import = models.OneToOneField(
        EsrImport, on_delete=models.CASCADE, null=True, blank=True, related_name="upload"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="esr_upload_is_refused_or_planned", condition=Q(faults=[]) ^ Q(plan="")
            ),
            models.CheckConstraint(
                name="esr_upload_keeps_its_file_while_it_waits",
                condition=Q(data__isnull=False, esr_import__isnull=True) & ~Q(plan="")
                | Q(data__isnull=True, esr_import__isnull=False) & ~Q(plan="")
                | Q(data__isnull=True, esr_import__isnull=True, plan=""),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
