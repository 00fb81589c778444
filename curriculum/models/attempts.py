import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from workforce.models import User

from .versions import ModuleVersion


class Attempt(models.Model):
    """A person works through one version of a module. Its registration joins the statements of its steps.

    `learned_at`, `checked_at` and `finished_at` say when gate 1, gate 2 and every activity were reached.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attempts")
    module_key = models.UUIDField()
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="attempts")
    registration = models.UUIDField(default=uuid.uuid4, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    learned_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "module_key"], condition=Q(finished_at__isnull=True), name="one_open_attempt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:attempt", args=[self.registration])


class Step(models.Model):
    """One activity within an attempt. `draft` holds what the person has so far; it is private to them."""

    class State(models.TextChoices):
        STARTED = "started", "Started"
        SENT = "sent", "Waiting to be confirmed"
        DONE = "done", "Done"

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="steps")
    activity_key = models.UUIDField()
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    draft = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "activity_key"], name="step_once_in_attempt"),
            models.CheckConstraint(
                name="step_done_has_a_time",
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_key}: {self.get_state_display()}"


class Try(models.Model):
    """One go at a check: the questions drawn and the options chosen.

    `score` is the share right, 0 to 1, for staff only. For patient representatives it stays empty and the
    answers are deleted once they have been talked through.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    drawn = models.JSONField()
    answers = models.JSONField(default=dict)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    score = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["step", "number"]
        verbose_name_plural = "tries"
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="try_number_in_step"),
            models.UniqueConstraint(
                fields=["step"], condition=Q(closed_at__isnull=True), name="one_open_try"
            ),
            models.CheckConstraint(
                name="try_score_is_a_share", condition=Q(score__isnull=True) | Q(score__range=(0, 1))
            ),
        ]

    def __str__(self) -> str:
        return f"Try {self.number}"
