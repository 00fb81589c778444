from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from workforce.models import Organisation


class Credential(models.Model):
    """What another system may do here. It opens the record with a key and one of its secrets."""

    class Scope(models.TextChoices):
        """The scopes of Communication 4.2, in its own words."""

        WRITE = "statements/write", "Write statements"
        READ_MINE = "statements/read/mine", "Read the statements it wrote"
        READ = "statements/read", "Read statements"
        STATE = "state", "Read and write state documents"
        DEFINE = "define", "Say what activities and actors are"
        PROFILE = "profile", "Read and write profile documents"
        READ_ALL = "all/read", "Read everything"
        ALL = "all", "Read and write everything"

    # Who may say what an activity is (Communication 4.0, "define").
    MAY_DEFINE = (Scope.DEFINE, Scope.ALL)

    key = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(max_length=200, help_text="Which system holds it.")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credentials",
        help_text="It reads only what this organisation's people did, and what it wrote itself. "
        "Leave empty only for a system that serves every organisation.",
    )
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    gives_evidence = models.BooleanField(
        default=False,
        help_text="Its statements count as evidence, for its own organisation's people.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="credentials_revoked",
    )

    class Meta:
        ordering = ["name", "pk"]
        permissions = [
            ("view_names", "Can see the names behind accounts, where they may see the organisation")
        ]
        constraints = [
            models.CheckConstraint(
                name="credential_has_a_scope",
                condition=Q(scopes__len__gt=0),
                violation_error_message="Give the credential at least one scope.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, *scopes: str) -> bool:
        """True if it holds any of these scopes."""
        return not set(scopes).isdisjoint(self.scopes)


class SecretManager(models.Manager["Secret"]):
    def in_force(self) -> "models.QuerySet[Secret]":
        return self.filter(ended_at__isnull=True, credential__revoked_at__isnull=True)


class Secret(models.Model):
    """One secret of a credential. Two may be in force at once, so that a system can change over without a gap.

    Only a digest is kept. It is keyed, not slow: a secret is 256 random bits, so there is nothing to guess, and a
    slow hash on every request would cost more than the storing does.
    """

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="secrets_made"
    )
    last_used = models.DateField(
        null=True, help_text="The last day on which it opened the record, itself or by a token made from it."
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="secrets_ended"
    )

    objects: ClassVar[SecretManager] = SecretManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Secret {self.pk}"
