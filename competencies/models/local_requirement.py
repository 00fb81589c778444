from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from workforce.models import Organisation, Overlay, Tier, User
from workforce.models.ranges import no_overlap

from .framework import Capability

ASKED_ALREADY = "Your organisation asks this already on some of these days."


class LocalRequirement(models.Model):
    """What one organisation asks on top of the edition that it goes by, from a day to a day.

    It has a table of its own, so that nothing that counts an edition can see it. A row is never changed, only ended.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="local_requirements"
    )
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    overlay = models.ForeignKey(Overlay, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="local_requirements")
    level = models.PositiveSmallIntegerField()
    grace_days = models.PositiveIntegerField(
        help_text="Days until it falls due, from the start of the clock or of this row, whichever is later."
    )
    reason = models.TextField(help_text="Why it is asked. Everybody whom it concerns can read it.")
    during = DateRangeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["organisation", "-pk"]
        constraints = [
            no_overlap(
                "one_local_requirement_of_a_tier",
                "organisation",
                "tier",
                "capability",
                message=ASKED_ALREADY,
                condition=Q(tier__isnull=False),
            ),
            no_overlap(
                "one_local_requirement_of_an_overlay",
                "organisation",
                "overlay",
                "capability",
                message=ASKED_ALREADY,
                condition=Q(overlay__isnull=False),
            ),
            models.CheckConstraint(
                name="local_requirement_of_tier_or_overlay",
                condition=Q(tier__isnull=True, overlay__isnull=False)
                | Q(tier__isnull=False, overlay__isnull=True),
            ),
            models.CheckConstraint(name="local_requirement_level_1_to_4", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(name="local_requirement_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="local_requirement_ended_whole",
                condition=Q(
                    ended_by__isnull=True, ended_at__isnull=True, end_reason="", during__upper_inf=True
                )
                | Q(ended_by__isnull=False, ended_at__isnull=False, during__upper_inf=False)
                & ~Q(end_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} asks {self.whose}: {self.capability} at {self.level}"

    @property
    def whose(self) -> str:
        """The tier or the overlay in words."""
        return str(self.tier or self.overlay)
