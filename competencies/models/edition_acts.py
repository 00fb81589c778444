from django.db import models
from django.db.models import Q

from workforce.models import Overlay, Tier, User

from .framework import Capability, Edition


class EditionAct(models.Model):
    """Something that was done with an edition, or said about it: who, when and why. Never changed, only added to.

    Words may be about the whole edition, one of its capabilities, or one cell: what a tier or an overlay is asked.
    """

    class Act(models.TextChoices):
        DRAFT = "draft", "Drafted"
        LOAD = "load", "Loaded from a reviewed file"
        SEND = "send", "Sent for review"
        COMMENT = "comment", "Commented"
        AGREE = "agree", "Agreed"
        ASK_CHANGE = "ask_change", "Asked for a change"
        TAKE_BACK = "take_back", "Taken back to draft"
        PUBLISH = "publish", "Published"
        RETIRE = "retire", "Retired"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="edition_acts",
        help_text="None: the command line.",
    )
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, null=True, related_name="+")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="+")
    overlay = models.ForeignKey(Overlay, on_delete=models.PROTECT, null=True, related_name="+")
    reviewers = models.ManyToManyField(
        User, related_name="edition_reviews", help_text="Whom a review names; empty for every other act."
    )

    class Meta:
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="edition_act_number_once"),
            models.CheckConstraint(
                name="edition_act_on_one_cell",
                condition=Q(tier__isnull=True, overlay__isnull=True)
                | Q(capability__isnull=False, tier__isnull=False, overlay__isnull=True)
                | Q(capability__isnull=False, tier__isnull=True, overlay__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_act_on_a_capability_says_something",
                condition=Q(capability__isnull=True) | (Q(act__in=["comment", "ask_change"]) & ~Q(words="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_act_display()}"

    @property
    def about(self) -> str:
        """What the words are about, in words."""
        if self.capability is None:
            return "The whole edition"
        whose = self.tier or self.overlay
        return f"{self.capability.code}, {whose}" if whose else self.capability.code
