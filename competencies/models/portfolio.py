import uuid

from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils import timezone

from learning.models import Activity, Statement
from workforce.models import User

from .framework import Capability
from .practice import Practice


class Portfolio(models.Model):
    """What a person gathers over time to show that they led or coached others: for one portfolio of the curriculum.

    It is theirs alone until they put it forward.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="portfolios")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="portfolios")
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "activity"], name="portfolio_once_a_person")]

    def __str__(self) -> str:
        return self.title


class PortfolioEntry(models.Model):
    """One thing that happened, on a day: whom the person led or coached, what changed, what they learned."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="entries")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    on = models.DateField()
    whom = models.TextField()
    changed = models.TextField()
    learned = models.TextField()
    practice = models.ForeignKey(Practice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["portfolio", "order"]
        verbose_name_plural = "portfolio entries"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "order"], name="portfolio_entry_order", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="portfolio_entry_says_something",
                condition=~Q(whom="") & ~Q(changed="") & ~Q(learned=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio}, entry {self.order}"


class PortfolioClaim(models.Model):
    """One capability at level 4 that a portfolio was last put forward for, with the prompt that it answers."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="claims")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="+")
    prompt = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "capability"], name="portfolio_claim_once")
        ]

    def __str__(self) -> str:
        return f"{self.capability} by {self.portfolio}"


class PanelAct(models.Model):
    """One thing that happened between a person and the panel of two that reads their portfolio.

    Acts are only ever added: the database refuses to change one. `state` is where the portfolio then stands (see
    competencies.portfolio.states); `first` and `second` are who sits from then on, and an empty seat waits for
    somebody. `round` counts how often it was put forward. `reason` says what would make it a yes, why somebody
    stepped aside, or why an award was taken back. What the record need not know rests on an earlier statement.
    """

    class Act(models.TextChoices):
        PUT_FORWARD = "put_forward", "Put forward"
        REPLACE = "replace", "Somebody else asked"
        WITHDRAW = "withdraw", "Taken back"
        STEP_ASIDE = "step_aside", "Stepped aside"
        AGREE = "agree", "Yes"
        NOT_YET = "not_yet", "Not yet"
        REVOKE = "revoke", "Taken off the record"

    class State(models.TextChoices):
        GATHERING = "gathering", "Gathering"
        WAITING = "waiting", "With the panel"
        ONE_YES = "one_yes", "One yes"
        ONE_NOT_YET = "one_not_yet", "One not yet"
        WITHDRAWN = "withdrawn", "Withdrawn"
        NOT_YET = "not_yet", "Not yet"
        CONFERRED = "conferred", "Conferred"
        REVOKED = "revoked", "Revoked"

    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="acts")
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField()
    registration = models.UUIDField()
    act = models.CharField(max_length=12, choices=Act)
    state = models.CharField(max_length=12, choices=State)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["portfolio", "number"]
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "number"], name="panel_act_number"),
            models.UniqueConstraint(
                fields=["portfolio", "round", "by"],
                condition=Q(act__in=("agree", "not_yet")),
                name="panel_member_answers_once",
            ),
            models.CheckConstraint(
                name="panel_never_holds_its_owner",
                condition=~Q(first=F("owner")) & ~Q(second=F("owner")),
                violation_error_message="Ask somebody else: nobody sits on their own panel.",
            ),
            models.CheckConstraint(
                name="panel_of_two_people",
                condition=~Q(first=F("second")),
                violation_error_message="Choose 2 different people.",
            ),
            models.CheckConstraint(
                name="panel_act_by_whose_turn_it_is",
                condition=Q(act__in=("put_forward", "replace", "withdraw"), by=F("owner"))
                | Q(act__in=("agree", "not_yet"), by=F("first"))
                | Q(act__in=("agree", "not_yet"), by=F("second"))
                | (Q(act="step_aside", by__isnull=False) & ~Q(by=F("owner")))
                | Q(act="revoke"),
            ),
            models.CheckConstraint(
                name="panel_not_yet_says_what_would_make_it_yes",
                condition=~Q(act="not_yet") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio}: {self.get_act_display()}"

    @property
    def seats(self) -> list[User]:
        """Who sits, in the order in which the person named them."""
        return [member for member in (self.first, self.second) if member is not None]
