from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .framework import Capability, Edition, Requirement


class TeamRequirement(models.Model):
    """What every team is expected to have: so many people at one level of one capability."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="team_requirements")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="team_requirements")
    level = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(help_text="How many people at least.")
    provenance = models.CharField(max_length=20, choices=Requirement.Provenance)
    sources = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        ordering = ["edition", "capability", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "capability", "level"], name="team_requirement_once_in_edition"
            ),
            models.CheckConstraint(name="team_requirement_level_1_to_4", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(name="team_requirement_of_somebody", condition=Q(people__gte=1)),
        ]

    def __str__(self) -> str:
        return f"In every team {self.people} at level {self.level} of {self.capability}"
