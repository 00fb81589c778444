from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from workforce.models import User
from workforce.models.ranges import no_overlap

from .framework import Capability


class ReminderChoice(models.Model):
    """How a person wants to hear that something they hold ends. Who never chose gets the digest."""

    class Choice(models.TextChoices):
        DIGEST = "digest", "90 days before, 30 days before, and when it ends"
        ENDED = "ended", "Only when it ends"
        NONE = "none", "Not at all"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder_choice")
    choice = models.CharField(max_length=10, choices=Choice)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="reminder_choice_known", condition=Q(choice__in=["digest", "ended", "none"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_choice_display()}"


class RenewalDigest(models.Model):
    """One mail about what ends, claimed before it is handed to the mail server; `during` is the week it fills."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="renewal_digests")
    during = DateRangeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_overlap(
                "one_renewal_digest_a_week", "user", message="A person gets one digest a week at most."
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.during.lower}"


class RenewalReminder(models.Model):
    """One line of a digest. `stage` is how many days before the end it was due; `ends` the first day without."""

    digest = models.ForeignKey(RenewalDigest, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="renewal_reminders")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="renewal_reminders")
    level = models.PositiveSmallIntegerField()
    ends = models.DateField()
    stage = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "capability", "level", "ends", "stage"], name="renewal_reminder_once"
            ),
            models.CheckConstraint(name="renewal_reminder_stage", condition=Q(stage__in=(90, 30, 0))),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}, {self.stage} days before {self.ends}"
