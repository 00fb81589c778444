from django.db import models
from django.db.models import Q
from django.utils import timezone

from workforce.models import User

from .framework import Capability


class SelfAssessment(models.Model):
    """Where a person puts themself on one capability, on a day. Theirs alone, and never evidence.

    Rows are only ever added: a change of mind is a new one. The words of a comment can be deleted, and nothing
    else of a row can change; the database refuses it.
    """

    class Confidence(models.IntegerChoices):
        LOW = 1, "Not confident yet"
        SOME = 2, "Fairly confident"
        HIGH = 3, "Confident"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="self_assessments")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="self_assessments")
    level = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: none of the levels yet."
    )
    confidence = models.PositiveSmallIntegerField(choices=Confidence)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "capability"], name="self_assessment_of_a_person")]
        constraints = [
            models.CheckConstraint(
                name="self_assessment_level_1_to_4",
                condition=Q(level__isnull=True) | Q(level__range=(1, 4)),
            ),
            models.CheckConstraint(
                name="self_assessment_confidence_1_to_3", condition=Q(confidence__range=(1, 3))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level or 'no level'}, {self.get_confidence_display().lower()}"
