import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from learning.models import Activity
from workforce.models import User

MOST_FILES = 5
LARGEST_FILE = 20 * 1024 * 1024


class PracticeFile(models.Model):
    """A file that a person put with practice of theirs, from the first draft on.

    It belongs to an activity of an attempt, as the practice does: there may be files before anything is put forward.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "PNG picture"
        JPEG = "jpeg", "JPEG picture"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        PPTX = "pptx", "PowerPoint"
        ODT = "odt", "OpenDocument text"
        ODS = "ods", "OpenDocument table"
        ODP = "odp", "OpenDocument slides"
        TEXT = "text", "Text"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practice_files")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="practice_files")
    registration = models.UUIDField()
    number = models.PositiveSmallIntegerField(
        help_text="From 1; the place of a file that was removed is free."
    )
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=5, choices=Kind, help_text="By its content.")
    length = models.PositiveIntegerField(help_text="In bytes.")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "activity", "number"], name="practice_file_number"
            ),
            models.CheckConstraint(
                name="practice_files_5_at_most", condition=Q(number__range=(1, MOST_FILES))
            ),
            models.CheckConstraint(
                name="practice_file_up_to_20_mb", condition=Q(length__range=(1, LARGEST_FILE))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PracticeFilePart(models.Model):
    """A piece of a file. A row is a piece, so that a file goes in and out without ever being whole in memory."""

    LARGEST: ClassVar[int] = 1024 * 1024

    pk = models.CompositePrimaryKey("file_id", "position")
    file = models.ForeignKey(PracticeFile, on_delete=models.CASCADE, related_name="parts", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="From 0.")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.file_id}[{self.position}]"
