import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from learning.models import Statement
from workforce.models import Organisation, User


class PriorLearning(models.TextChoices):
    """The reasons that cmi5 knows for a waiver."""

    TESTED_OUT = "Tested Out", "Passed a test of the same things"
    EQUIVALENT_MODULE = "Equivalent AU", "Finished a module that teaches the same"
    EQUIVALENT_ELSEWHERE = "Equivalent Outside Activity", "Learned the same elsewhere"
    ADMINISTRATIVE = "Administrative", "Decided by the organisation"


class PriorLearningClaim(models.Model):
    """A person asks that what they learned elsewhere counts for a module. An organisation's capability leads decide.

    The words and the document are for the person and for those who decide. Both can be deleted; the acts stay.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="prior_learning")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="prior_learning")
    module_key = models.UUIDField()
    title = models.CharField(max_length=255, help_text="The title of the module when it was asked for.")
    reason = models.CharField(max_length=40, choices=PriorLearning)
    what = models.TextField(blank=True)
    where = models.CharField(max_length=200, blank=True)
    learned_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "module_key"], name="prior_learning_once_a_module")
        ]

    def __str__(self) -> str:
        return self.title


class PriorLearningAct(models.Model):
    """One thing that happened to a claim. Acts are only ever added; see curriculum.prior_learning_states.

    `words` are the lead's: what is missing, or why a decision was a mistake. `statement` is the waiver.
    """

    class Act(models.TextChoices):
        ASK = "ask", "Asked"
        WITHDRAW = "withdraw", "Taken back"
        ACCEPT = "accept", "Accepted"
        NOT_YET = "not_yet", "Not yet"
        UNDO = "undo", "Accepted by mistake"

    claim = models.ForeignKey(PriorLearningClaim, on_delete=models.CASCADE, related_name="acts")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["claim", "number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="prior_learning_act_number"),
            models.CheckConstraint(
                name="prior_learning_nobody_decides_their_own",
                condition=Q(act__in=("ask", "withdraw"), by=F("person"))
                | (Q(act__in=("accept", "not_yet", "undo")) & ~Q(by=F("person"))),
            ),
            models.CheckConstraint(
                name="prior_learning_no_without_words",
                condition=~Q(act__in=("not_yet", "undo")) | ~Q(words=""),
            ),
            models.CheckConstraint(
                name="prior_learning_waiver_when_accepted",
                condition=Q(act="accept", statement__isnull=False)
                | (~Q(act="accept") & Q(statement__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.get_act_display()}"


class PriorLearningDocument(models.Model):
    """The one document of a claim. Its kind was found from what is in it, not from its name."""

    claim = models.OneToOneField(PriorLearningClaim, on_delete=models.CASCADE, related_name="document")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class PriorLearningPart(models.Model):
    """A piece of a document, of a megabyte, so that a file is never whole in memory."""

    document = models.ForeignKey(PriorLearningDocument, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="prior_learning_part_number")
        ]

    def __str__(self) -> str:
        return f"{self.document}: part {self.number}"
