from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .imports import StaffImport
from .organisations import Organisation, Team
from .people import User
from .ranges import no_overlap


class Tier(models.Model):
    """Which expectations apply: board, managers, frontline, experts or patients."""

    key = models.SlugField(unique=True)
    label = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label


class Overlay(models.Model):
    """Something about a post that changes what is expected, such as seeing patients."""

    key = models.SlugField(unique=True)
    label = models.CharField(max_length=100)
    tiers = models.ManyToManyField(Tier, related_name="overlays")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.label


class Membership(models.Model):
    """A person belongs to an organisation. Lay people have no staff number."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    staff_number = models.CharField(max_length=20, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            models.UniqueConstraint(
                fields=["organisation", "staff_number"],
                name="staff_number_in_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organisation}"


class Post(models.Model):
    """A person works in a team, in a tier, from a day to a day.

    `during` is when it was true; `recorded_at` and `superseded_at` are when we knew. A correction closes the
    old row and adds a new one, so that a figure printed last year can be printed again. `listed_in` and
    `superseded_in` are the staff lists that did so; nothing there: it was done by hand.
    """

    class Engagement(models.TextChoices):
        SUBSTANTIVE = "substantive", "Employed"
        BANK = "bank", "Bank"
        AGENCY = "agency", "Agency"
        CONTRACTOR = "contractor", "Contractor"
        LAY = "lay", "Lay"

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="posts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="posts")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="posts")
    overlays = models.ManyToManyField(Overlay, blank=True, related_name="posts")
    engagement = models.CharField(max_length=20, choices=Engagement, default=Engagement.SUBSTANTIVE)
    during = DateRangeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    listed_in = models.ForeignKey(
        StaffImport, on_delete=models.PROTECT, null=True, blank=True, related_name="posts_listed"
    )
    superseded_in = models.ForeignKey(
        StaffImport, on_delete=models.PROTECT, null=True, blank=True, related_name="posts_superseded"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_overlap(
                "post_once_at_a_time",
                "membership",
                "team",
                "tier",
                message="This person already holds this post on some of these days.",
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="post_has_a_first_day",
                condition=Q(during__isempty=False, during__lower_inf=False),
                violation_error_message="A post lasts at least one day and has a first day.",
            ),
            models.CheckConstraint(
                name="post_superseded_after_recorded",
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=models.F("recorded_at")),
            ),
            models.CheckConstraint(
                name="post_superseded_in_a_list",
                condition=Q(superseded_in__isnull=True) | Q(superseded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.user}: {self.tier} in {self.team}"


class Absence(models.Model):
    """A person is away from an organisation. Over 28 days is long leave, which coverage leaves out."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="absences")
    during = DateRangeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    listed_in = models.ForeignKey(
        StaffImport, on_delete=models.PROTECT, null=True, blank=True, related_name="absences_listed"
    )
    superseded_in = models.ForeignKey(
        StaffImport, on_delete=models.PROTECT, null=True, blank=True, related_name="absences_superseded"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_overlap(
                "absence_once_at_a_time",
                "membership",
                message="This person is already away on some of these days.",
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="absence_has_a_first_day",
                condition=Q(during__isempty=False, during__lower_inf=False),
                violation_error_message="Leave lasts at least one day and has a first day.",
            ),
            models.CheckConstraint(
                name="absence_superseded_in_a_list",
                condition=Q(superseded_in__isnull=True) | Q(superseded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.user} away"
