import uuid

import msgspec
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from workforce.models import User

from ..outline import Module
from .versions import ModuleVersion


class Attempt(models.Model):
    """A person works through one version of a module. Its registration joins the statements of its steps.

    A renewal is an attempt at a part of it: the check alone, or one new piece of practice (`activity_key`).
    `learned_at`, `checked_at` and `finished_at` say when gate 1, gate 2 and every activity were reached.
    """

    class Kind(models.TextChoices):
        WHOLE = "whole", "The whole module"
        CHECK = "check", "Renewal by the check"
        PRACTICE = "practice", "Renewal by one new piece of practice"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attempts")
    module_key = models.UUIDField()
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="attempts")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WHOLE)
    activity_key = models.UUIDField(null=True, blank=True)
    registration = models.UUIDField(default=uuid.uuid4, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    learned_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "module_key", "kind", "activity_key"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="one_open_attempt",
            ),
            models.CheckConstraint(
                name="attempt_names_its_practice",
                condition=Q(kind="practice", activity_key__isnull=False)
                | (~Q(kind="practice") & Q(activity_key__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:attempt", args=[self.registration])

    @property
    def is_renewal(self) -> bool:
        return self.kind != self.Kind.WHOLE

    @property
    def module(self) -> Module:
        """The module with the parts that this attempt is about: all of them, unless it renews something."""
        module = self.version.module
        if self.kind == self.Kind.CHECK:
            return msgspec.structs.replace(module, activities=module.checks)
        if self.kind == self.Kind.PRACTICE:
            practice = [activity for activity in module.practice if activity.key == self.activity_key]
            return msgspec.structs.replace(module, activities=practice)
        return module


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
