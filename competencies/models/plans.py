"""Learning plans: what somebody who leads asks people to learn, why, and by when. None of it counts in coverage."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from learning.models import Statement
from workforce.models import Organisation, Team, Tier, User

from .framework import Capability


class LearningPlan(models.Model):
    """What is asked of whom, and why. Who is on it follows from posts, day by day (competencies.plans.following).

    Without a team it is about the whole organisation; with one, about that team and those that stand beneath it.
    It is due on one day for everybody, or so many days after a person's post or the plan began, whichever is later.
    """

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", "Everybody there"
        TIER = "tier", "Everybody there in one tier"
        JOINERS = "joiners", "Everybody whose post there starts on or after a day"
        PEOPLE = "people", "People I name"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="learning_plans")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="learning_plans"
    )
    title = models.CharField(max_length=120)
    why = models.TextField(max_length=1000)
    audience = models.CharField(max_length=10, choices=Audience)
    tier = models.ForeignKey(
        Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="learning_plans"
    )
    joined_from = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_says_for_whom",
                condition=Q(audience__in=("everybody", "people"), tier__isnull=True, joined_from__isnull=True)
                | Q(audience="tier", tier__isnull=False, joined_from__isnull=True)
                | Q(audience="joiners", tier__isnull=True, joined_from__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_due_on_a_day_or_after_days",
                condition=Q(due_on__isnull=True, due_days__isnull=False)
                | Q(due_on__isnull=False, due_days__isnull=True),
            ),
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanItem(models.Model):
    """One thing of a plan: a capability at a level, or a module by its activity and the verb that finishes it."""

    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="items")
    capability = models.ForeignKey(
        Capability, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_items"
    )
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    module_iri = models.CharField(max_length=200, blank=True)
    module_verb = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "capability"], name="plan_capability_once"),
            models.UniqueConstraint(
                fields=["plan", "module_iri"], condition=~Q(module_iri=""), name="plan_module_once"
            ),
            models.CheckConstraint(
                name="plan_item_is_capability_or_module",
                condition=Q(capability__isnull=False, level__isnull=False, module_iri="", module_verb="")
                | (Q(capability__isnull=True, level__isnull=True) & ~Q(module_iri="") & ~Q(module_verb="")),
            ),
            models.CheckConstraint(
                name="plan_item_level_1_to_4", condition=Q(level__isnull=True) | Q(level__range=(1, 4))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, level {self.level}" if self.level else self.name


class PlanPerson(models.Model):
    """Somebody who was named for a plan by hand."""

    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "user"], name="plan_person_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.plan}"


class PlanChange(models.Model):
    """Something that somebody who leads did to a plan. Rows are only ever added."""

    class Kind(models.TextChoices):
        MADE = "made", "Made"
        DUE = "due", "New due day"
        ENDED = "ended", "Ended"

    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due = models.CharField(max_length=100, help_text="When it was due from then on, in words.")
    reason = models.TextField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_change_has_reason",
                condition=Q(kind="made", reason="") | ~Q(kind="made") & ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.get_kind_display()}"


class PlanAssignment(models.Model):
    """A person is on a plan from a day on. Who leaves and comes back gets a new row.

    `newest_act` is the number of the newest of its acts, and the columns beside it say what those acts add up to
    (competencies.plans.states).
    """

    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="plan_assignments")
    since = models.DateField()
    due = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    newest_act = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "user"],
                condition=Q(ended_on__isnull=True),
                name="plan_assigned_once_at_a_time",
            ),
            models.CheckConstraint(
                name="plan_assignment_met_after_since",
                condition=Q(met_on__isnull=True) | Q(met_on__gte=F("since")),
            ),
            models.CheckConstraint(
                name="plan_assignment_ends_after_since",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")),
            ),
        ]
        indexes = [
            # What a person is asked to learn, and whose plans a new piece of evidence may finish.
            models.Index(
                fields=["user"], condition=Q(ended_on__isnull=True), name="plan_assignment_of_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.plan}"


class PlanAct(models.Model):
    """One thing that happened to a person's place on a plan. Rows are only ever added; the database refuses the rest.

    Nobody in `by`: it followed from posts or from the record. `statement` says it to the record, where it is said.
    """

    class Act(models.TextChoices):
        PLAN = "plan", "Put on the plan"
        MEET = "meet", "Everything was done"
        REOPEN = "reopen", "What had been done no longer stands"
        END = "end", "No longer on the plan"
        REMOVE = "remove", "Taken off the plan"

    assignment = models.ForeignKey(PlanAssignment, on_delete=models.CASCADE, related_name="acts")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(max_length=500, blank=True)
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="plan_act_number"),
            models.CheckConstraint(
                name="plan_removal_has_person_and_reason",
                condition=~Q(act="remove") | (Q(by__isnull=False) & ~Q(reason="")),
            ),
        ]
        indexes = [
            # What the record has still to be told.
            models.Index(
                fields=["id"],
                condition=Q(statement__isnull=True, act__in=("plan", "end", "remove")),
                name="plan_act_not_stated",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_act_display()}"
