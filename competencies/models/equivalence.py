from django.db import models
from django.db.models import F, Q

from .framework import Capability, Edition


class Equivalence(models.Model):
    """Who showed the old capability, at this level or above, has shown the new one too, from the edition's day on.

    Belongs to the edition that brings the change and, like all of it, stays as it is once published.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="equivalences")
    old_capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="carried_over_to")
    old_level = models.PositiveSmallIntegerField()
    new_capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="carried_over_from")
    new_level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "old_capability__code", "old_level", "new_capability__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "old_capability", "old_level", "new_capability"], name="equivalence_once"
            ),
            models.CheckConstraint(
                name="equivalence_levels_1_to_4",
                condition=Q(old_level__range=(1, 4)) & Q(new_level__range=(1, 4)),
            ),
            models.CheckConstraint(
                name="equivalence_gives_no_higher_level", condition=Q(new_level__lte=F("old_level"))
            ),
            models.CheckConstraint(
                name="equivalence_between_two", condition=~Q(old_capability=F("new_capability"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_capability} at {self.old_level} gives {self.new_capability} at {self.new_level}"
