from django.db import models
from django.db.models import F, Q

from learning.models import Statement
from workforce.models import User

from .framework import Capability


class CapabilityAct(models.Model):
    """Something that became of what a person holds, as the record shows it: reached, ended, or taken back.

    Rows are only ever added, after the event (competencies.history.appending); the database refuses to change one.
    `on` is the first day on which it is true, `at` when we knew. `source` is the statement that it rests on, and
    `statement` says it to the record, where it is said. Nobody in `by`: it followed from the record or the calendar.
    Nothing that counts reads this table.
    """

    class Act(models.TextChoices):
        ACHIEVE = "achieve", "Reached"
        EXPIRE = "expire", "Ended"
        REVOKE = "revoke", "Taken off the record"

    class Reason(models.TextChoices):
        SHOWN = "shown", "The record shows it"
        LAPSED = "lapsed", "Its time is over"
        FELL_BACK = "fell_back", "Its time is over, and a lower level still holds"
        VOIDED = "voided", "What it rests on was taken off the record"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="capability_acts")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    source = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "capability", "level", "act", "at"],
                condition=~Q(act="expire"),
                name="capability_act_once",
            ),
            models.UniqueConstraint(
                fields=["user", "capability", "level", "on"],
                condition=Q(act="expire"),
                name="capability_ends_once_a_day",
            ),
            models.CheckConstraint(name="capability_act_level_1_to_4", condition=Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="capability_act_has_its_reason",
                condition=Q(act="achieve", reason="shown", by=None)
                | Q(act="expire", reason__in=("lapsed", "fell_back"), by=None, until=None)
                | Q(act="revoke", reason="voided", until=None),
            ),
            models.CheckConstraint(
                name="capability_act_until_after_on", condition=Q(until=None) | Q(until__gt=F("on"))
            ),
        ]
        indexes = [
            # What the record has still to be told.
            models.Index(fields=["id"], condition=Q(statement=None), name="capability_act_not_stated"),
            # A person's history.
            models.Index(fields=["user", "at"], name="capability_act_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}: {self.get_act_display()}"
