from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from learning import verbs
from learning.models import Activity, Statement
from workforce.models import User
from workforce.models.ranges import no_overlap

from .framework import Capability


class EvidenceRule(models.Model):
    """What a verb on an activity shows: one capability at one level, for statements made in `during`.

    A rule may wait: nothing is shown until the same person also has a statement of `after_verb` on
    `after_activity`, as practice waits for the check of its module.
    """

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="evidence_rules")
    verb = models.URLField()
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="evidence_rules")
    level = models.PositiveSmallIntegerField()
    after_activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="rules_waiting"
    )
    after_verb = models.URLField(blank=True)
    during = DateRangeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "verb", "capability", "level"],
                condition=Q(during__upper_inf=True),
                name="evidence_rule_once",
            ),
            models.CheckConstraint(name="evidence_rule_level_1_to_4", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="evidence_rule_waits_for_a_pair",
                condition=Q(after_activity__isnull=True, after_verb="")
                | (Q(after_activity__isnull=False) & ~Q(after_verb="")),
            ),
            models.CheckConstraint(
                name="evidence_rule_never_of_an_output",
                condition=~Q(verb__in=verbs.OUTPUTS) & ~Q(after_verb__in=verbs.OUTPUTS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} on {self.activity} shows {self.capability} at {self.level}"


class Evidence(models.Model):
    """A person showed a capability at a level, by a statement.

    `achieved` and `expires` say when it is true (on `expires` it no longer is); `recorded_at` and
    `withdrawn_at` say when we knew. Derived from the record: see competencies.derivation.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="evidence")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="evidence")
    level = models.PositiveSmallIntegerField()
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="evidence")
    achieved = models.DateField()
    expires = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "capability"], name="evidence_of_a_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "capability", "level"],
                condition=Q(withdrawn_at__isnull=True),
                name="evidence_once",
            ),
            models.CheckConstraint(name="evidence_level_1_to_4", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="evidence_expires_after_achieved",
                condition=Q(expires__isnull=True) | Q(expires__gt=F("achieved")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}, {self.achieved}"


class Holding(models.Model):
    """A person holds a capability at a level from a day to a day, derived from evidence with any fall-back in it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="holdings")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="holdings")
    level = models.PositiveSmallIntegerField()
    during = DateRangeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            no_overlap(
                "holding_one_level_at_a_time",
                "user",
                "capability",
                message="A person holds a capability at one level at a time.",
            ),
            models.CheckConstraint(name="holding_level_1_to_4", condition=Q(level__range=(1, 4))),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}"
