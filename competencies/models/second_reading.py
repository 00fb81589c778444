from django.db import models
from django.db.models import F, Q

from workforce.models import User

from .practice import VerificationAct


class SecondReading(models.Model):
    """A second person reads what was confirmed, so that those who confirm can talk about where they differ.

    It undoes nothing, and is counted only over a whole organisation.
    """

    class Verdict(models.TextChoices):
        CONFIRM = "confirm", "I would confirm this"
        NOT_YET = "not_yet", "I would not confirm this yet"

    act = models.OneToOneField(VerificationAct, on_delete=models.CASCADE, related_name="second_reading")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    verifier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="second_readings")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    words = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="second_reader_is_a_third_person",
                condition=~Q(reader=F("owner")) & ~Q(reader=F("verifier")),
            ),
            models.CheckConstraint(
                name="second_reading_has_verdict_and_day",
                condition=Q(verdict="", words="", read_at=None)
                | Q(verdict__in=("confirm", "not_yet"), read_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader} on {self.act}"
