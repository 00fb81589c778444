from django.db import models
from django.db.models import Q
from django.utils import timezone

from workforce.models import Organisation, Team, User


class NamedGapsChoice(models.Model):
    """An organisation lets its leads see who has which gap, or no longer does. The newest row holds; none is no."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="named_gaps_choices"
    )
    is_on = models.BooleanField()
    reason = models.TextField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="named_gaps_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.organisation}: {'on' if self.is_on else 'off'}"


class NamedGapsLook(models.Model):
    """Somebody looked at the names of a team. The people of the team can see that."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="named_gaps_looks")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["team", "-id"], name="named_gaps_looks_of_a_team")]

    def __str__(self) -> str:
        return f"{self.by} at {self.team}"
