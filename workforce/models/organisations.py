from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from .ranges import no_overlap


class Organisation(models.Model):
    """A body known by its Organisation Data Service (ODS) code. Codes close; they are never deleted."""

    code = models.CharField("ODS code", max_length=10, unique=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    region = models.CharField("region code", max_length=10, blank=True)
    icb = models.CharField("integrated care board code", max_length=10, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    opened = models.DateField()
    closed = models.DateField(null=True, blank=True, help_text="The last day on which the code was open.")
    joined = models.DateField(null=True, blank=True, help_text="The day it began to use this service.")
    is_invented = models.BooleanField(default=False, help_text="Made up for demonstration; not a real body.")

    class Meta:
        ordering = ["sort_name", "code"]
        constraints = [
            models.CheckConstraint(
                name="organisation_closes_after_it_opens",
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                violation_error_message="An organisation cannot close before it opens.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # PostgreSQL without ICU sorts "Zebra" before "apple", so lists sort by this.
        self.sort_name = self.name.casefold()
        super().save(*args, **kwargs)


class Succession(models.Model):
    """One code carries on from another from a day, as R0D did from RD3 and RDZ."""

    old = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="predecessions")
    on = models.DateField()

    class Meta:
        ordering = ["on", "old"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.CheckConstraint(
                name="succession_to_another",
                condition=~Q(old=F("new")),
                violation_error_message="An organisation cannot succeed itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old.code} → {self.new.code} on {self.on}"


class Team(models.Model):
    """A place in an organisation's tree: a division, ward, practice or office. Its code is local."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["organisation", "code"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="team_code_in_organisation")
        ]

    def __str__(self) -> str:
        return self.name


class TeamPlace(models.Model):
    """Where a team stands in the tree, from a day to a day. No parent: directly under the organisation."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places")
    parent = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="child_places",
    )
    during = DateRangeField()

    class Meta:
        ordering = ["team", "during"]
        constraints = [
            no_overlap(
                "team_in_one_place",
                "team",
                message="A team stands in one place at a time.",
            ),
            models.CheckConstraint(
                name="team_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(team=F("parent")),
                violation_error_message="A team cannot stand under itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} under {self.parent or self.team.organisation}"
