from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from workforce.models import Organisation

from ..secrets import sealed
from .statements import Statement


def check_endpoint(endpoint: str) -> None:
    """Statements and a secret go there, so only encrypted. Raises ValidationError."""
    if not endpoint.startswith("https://") and not (
        settings.FORWARDING_UNENCRYPTED and endpoint.startswith("http://")
    ):
        raise ValidationError("Give an address that begins with https://.")


class Forwarder(models.Model):
    """Another record to which statements are sent on. It walks through this one by (stored, id).

    `looked_…` is its place: up to there every statement that it wants has a Delivery, or has been delivered.
    """

    class Version(models.TextChoices):
        ONE = "1.0.3", "1.0.3"
        TWO = "2.0.0", "2.0.0"

    name = models.CharField(max_length=200, unique=True)
    endpoint = models.URLField(
        max_length=500,
        validators=[check_endpoint],
        help_text="Where its xAPI is, such as https://lrs.example/xapi. /statements is added.",
    )
    key = models.CharField(max_length=500)
    sealed_secret = models.TextField(editable=False)
    version = models.CharField(max_length=5, choices=Version, default=Version.ONE)

    verbs = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Only with these verbs, as IRIs. Empty: all."
    )
    activities = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="Only on these activities, as IRIs. Empty: all.",
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="forwarders",
        help_text="Only what its people did, and what its systems wrote.",
    )
    sends_voiding = models.BooleanField(
        "send voiding statements",
        default=True,
        help_text="If not, a statement that is voided when its turn comes is left out as well.",
    )
    is_on = models.BooleanField(default=True)

    looked_stored = models.DateTimeField(
        "send what was stored after", null=True, blank=True, help_text="Empty: from the first statement on."
    )
    looked_id = models.UUIDField(null=True, editable=False)
    # One worker at a time, for as long as it says so again and again: a killed one is followed when it falls silent.
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    paused_because = models.TextField(blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    trouble = models.TextField(blank=True, editable=False, help_text="The last failure, in words.")
    retry_at = models.DateTimeField(null=True, editable=False)
    worked_at = models.DateTimeField(null=True, editable=False)
    delivered = models.PositiveBigIntegerField(default=0, editable=False)
    differing = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The other record had another statement under the same id."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="forwarder_claim_and_until",
                condition=Q(claim__isnull=True, claimed_until__isnull=True)
                | Q(claim__isnull=False, claimed_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def set_secret(self, secret: str) -> None:
        self.sealed_secret = sealed(secret)


class Delivery(models.Model):
    """A statement on its way to another record. The row goes when it has arrived.

    `lane` is whose order is kept: the statement's actor; for a voiding statement the actor of what it voids, so that
    it never overtakes that. In a lane, nothing goes before what is dead or waits.
    """

    forwarder = models.ForeignKey(Forwarder, on_delete=models.CASCADE, related_name="deliveries")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    lane = models.TextField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="By itself, after it failed in company.")
    tried_first = models.DateTimeField(null=True)
    wait_until = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="What the other record answered.")

    class Meta:
        ordering = ["pk"]
        # What of it is shown to people.
        verbose_name = "dead letter"
        constraints = [
            models.UniqueConstraint(fields=["statement", "forwarder"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_tried_and_waiting",
                condition=Q(tries=0, tried_first__isnull=True, wait_until__isnull=True)
                | Q(tries__gt=0, tried_first__isnull=False),
            ),
        ]
        indexes = [
            # What goes next; what stands before it in its lane.
            models.Index(fields=["forwarder", "id"], name="delivery_next", condition=Q(dead_at__isnull=True)),
            models.Index(
                fields=["forwarder", "lane", "id"],
                name="delivery_in_the_way",
                condition=Q(dead_at__isnull=False) | Q(tries__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"Statement {self.statement_id} to {self.forwarder}"
