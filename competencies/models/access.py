"""What a person lets a program of theirs do here in their name."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from workforce.models import User

MOST_DAYS = 366


class AccessToken(models.Model):
    """A secret by which a program acts as one person, until a day at most a year ahead.

    Only a keyed digest is kept (see learning.secrets). What it opens is what the person may see and do on the day
    of the request, and no more than `may` allows.
    """

    class May(models.TextChoices):
        READ = "read", "Read what I can see"
        VERIFY = "verify", "Read, and put practice forward, answer about it and confirm it"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=100, help_text="Which program has it.")
    may = models.CharField(max_length=10, choices=May)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its person ended it.")
    last_used = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="access_token_may_known", condition=Q(may__in=("read", "verify"))),
            models.CheckConstraint(
                name="access_token_ends_within_a_year",
                condition=Q(ends_at__gt=F("made_at"))
                & Q(ends_at__lte=F("made_at") + timedelta(days=MOST_DAYS)),
            ),
            models.CheckConstraint(
                name="access_token_ended_after_made",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
