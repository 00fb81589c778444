from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .organisations import Organisation, Team
from .people import User


class Grant(models.Model):
    """A person may do or see something, within one scope, from a day to a day, for a recorded reason."""

    class Role(models.TextChoices):
        TEAM_LEAD = "team_lead", "Team lead"
        CAPABILITY_LEAD = "capability_lead", "Capability lead"
        EDUCATION_LEAD = "education_lead", "National education lead (formerly HEE)"
        FOUNDING_VERIFIER = "founding_verifier", "Founding verifier"
        SPEAK_UP_GUARDIAN = "speak_up_guardian", "Speak-up guardian"
        LINK_WORKER = "link_worker", "Link worker"
        BUDDY = "buddy", "Buddy"
        COACH = "coach", "Coach"
        CHAIR = "chair", "Chair"
        PEER = "peer", "Peer from another organisation"

    # Those whom an activity may name as the ones who confirm it.
    CONFIRMING = (Role.LINK_WORKER, Role.BUDDY, Role.COACH, Role.CHAIR, Role.PEER)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=Role)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    national = models.BooleanField(default=False)
    during = DateRangeField()
    reason = models.CharField(max_length=500, blank=True)
    granted_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants_made",
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="grant_has_one_scope",
                condition=(
                    Q(organisation__isnull=False, team__isnull=True, national=False)
                    | Q(organisation__isnull=True, team__isnull=False, national=False)
                    | Q(organisation__isnull=True, team__isnull=True, national=True)
                ),
                violation_error_message="Give a grant one scope: an organisation, a team or the nation.",
            ),
            models.CheckConstraint(
                name="grant_scope_suits_role",
                condition=(
                    Q(role="team_lead", team__isnull=False)
                    | Q(role="education_lead", national=True)
                    | Q(
                        role__in=["capability_lead", "speak_up_guardian"],
                        organisation__isnull=False,
                    )
                    | Q(role="founding_verifier", team__isnull=True)
                    | Q(role__in=["link_worker", "buddy", "coach", "chair", "peer"], national=False)
                ),
                violation_error_message=(
                    "A team lead needs a team, a capability lead or speak-up guardian an organisation, "
                    "an education lead the nation, a founding verifier an organisation or the nation, "
                    "and anybody else who may confirm practice an organisation or a team."
                ),
            ),
            models.CheckConstraint(
                name="founding_verifier_has_reason",
                condition=~Q(role="founding_verifier") | ~Q(reason=""),
                violation_error_message="Write down why the board appointed this founding verifier.",
            ),
            models.CheckConstraint(
                name="confirming_role_has_reason",
                condition=~Q(role__in=["link_worker", "buddy", "coach", "chair", "peer"]) | ~Q(reason=""),
                violation_error_message="Write down why this person may confirm practice.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class GrantEnding(models.Model):
    """Who ended a grant before its time, and why."""

    grant = models.OneToOneField(Grant, on_delete=models.CASCADE, related_name="ending")
    ended_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants_ended",
    )
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.grant}, ended"
