from typing import ClassVar

from django.db import models
from django.utils import timezone

from .organisations import Organisation


class StaffImport(models.Model):
    """One staff list that was taken in: whose it was, the day it was true, and what it changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff_imports")
    on = models.DateField(help_text="The day on which the staff list was true.")
    is_partial = models.BooleanField(
        default=False,
        help_text="Covers only some of the staff, so nobody leaves by it.",
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    counts = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"Staff list of {self.organisation} on {self.on:%d %B %Y}"
