"""What a person takes with them: badges that were signed for them, and pages that they share by a link."""

import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from learning.models import Statement
from workforce.models import User

from .framework import Capability, Edition

# A list tells so many badges apart that nobody can tell from its being asked for which one is looked at
# (W3C Bitstring Status List 1.0, 6.1: 131,072 at least).
PLACES_IN_A_LIST = 131_072
MOST_DAYS_SHARED = 30


class SigningKey(models.Model):
    """A key that badges are signed with. A retired one signs nothing more, and stays published for what it signed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    public = models.JSONField(help_text="The public half, as a JSON Web Key.")
    private = models.TextField(help_text="The private half, sealed with the service's own secret key.")
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"], nulls_distinct=False, name="signing_key_one_in_use"
            ),
            models.CheckConstraint(
                name="signing_key_retired_after_made",
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Signing key {self.uuid}"


class Badge(models.Model):
    """One award, signed for its person to keep: an Open Badges 3.0 credential, as it was handed out.

    Whether it is good today is not kept here: it follows from the evidence that the statement still gives. An
    account that is erased leaves its badges behind without person and text, and so withdrawn.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="badges")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="badges")
    level = models.PositiveSmallIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="badges")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="badges")
    achieved = models.DateField()
    expires = models.DateField(null=True, blank=True)
    is_named = models.BooleanField(help_text="The person chose to have their name in it.")
    issued_at = models.DateTimeField(default=timezone.now)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="badges")
    status_list = models.PositiveIntegerField()
    place = models.PositiveIntegerField(help_text="Its bit in the status list.")
    signed = models.TextField(blank=True, help_text="The credential as a compact JWS.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "capability", "level", "achieved", "is_named"],
                name="badge_once_for_an_award",
            ),
            models.UniqueConstraint(fields=["status_list", "place"], name="badge_has_its_own_place"),
            models.CheckConstraint(
                name="badge_place_is_in_the_list", condition=Q(place__lt=PLACES_IN_A_LIST)
            ),
            models.CheckConstraint(
                name="badge_text_goes_with_its_person",
                condition=Q(user__isnull=True, signed="") | Q(user__isnull=False) & ~Q(signed=""),
            ),
            models.CheckConstraint(name="badge_level_1_to_4", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="badge_expires_after_achieved",
                condition=Q(expires__isnull=True) | Q(expires__gt=F("achieved")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}, signed {self.issued_at:%Y-%m-%d}"

    @property
    def last_day(self) -> date | None:
        return self.expires and self.expires - timedelta(days=1)


class Share(models.Model):
    """A page of a passport that anybody with its link can read, until it ends or its person ends it.

    The link's secret is kept twice: hashed, to find it by, and sealed, so that its person can copy it again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shares")
    capabilities = models.ManyToManyField(Capability, related_name="shares")
    shows_name = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    secret = models.TextField(editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its person ended it.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="share_one_at_a_time"
            ),
            models.CheckConstraint(
                name="share_ends_in_time",
                condition=Q(ends_at__gt=F("made_at"))
                & Q(ends_at__lte=F("made_at") + timedelta(days=MOST_DAYS_SHARED)),
            ),
            models.CheckConstraint(
                name="share_ended_after_made",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Shared {self.made_at:%Y-%m-%d}"
