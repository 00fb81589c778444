import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from learning.models import Activity, Statement
from workforce.models import User

from .framework import Capability
from .session import TeamSession


class Confirmer(models.TextChoices):
    """Who may confirm practice of an activity: what the activity declares, beside founding verifiers."""

    COLLEAGUE = "colleague", "A colleague who holds it themselves"
    TEAM_LEAD = "team_lead", "The lead of your team"
    LINK_WORKER = "link_worker", "A link worker"
    BUDDY = "buddy", "A buddy"
    COACH = "coach", "A coach"
    CHAIR = "chair", "A chair"
    PEER = "peer", "A peer from another organisation"
    PATIENT_REPRESENTATIVE = "patient_representative", "A patient representative"


def colleague_only() -> list[str]:
    return [Confirmer.COLLEAGUE]


class Practice(models.Model):
    """Something done for real, put forward to a named person. Its words are for those two people only.

    `confirmers` is what the activity declared when it was put forward, and `together` that a team does it as one and
    is confirmed as one. `about` is somebody whom the owner named,
    such as a person they challenged: that person is never asked, and nobody but the owner sees the name.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practice")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="practice")
    registration = models.UUIDField()
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    confirmers = ArrayField(models.CharField(max_length=30, choices=Confirmer), default=colleague_only)
    together = models.BooleanField(default=False)
    about = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "practice"
        constraints = [
            models.UniqueConstraint(fields=["registration", "activity"], name="practice_once_an_attempt"),
            models.CheckConstraint(
                name="practice_confirmers_known",
                condition=Q(confirmers__contained_by=Confirmer.values) & Q(confirmers__len__gte=1),
            ),
            models.CheckConstraint(name="practice_about_somebody_else", condition=~Q(about=F("owner"))),
        ]

    def __str__(self) -> str:
        return self.title


class PracticeClaim(models.Model):
    """One capability at one level that a piece of practice is put forward for, with its own prompt and answer."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="claims")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="claims")
    level = models.PositiveSmallIntegerField()
    prompt = models.TextField()
    text = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "capability"], name="practice_claim_once"),
            models.CheckConstraint(name="practice_claim_level_3_or_4", condition=Q(level__in=(3, 4))),
        ]

    def __str__(self) -> str:
        return f"{self.capability} at {self.level}"


class VerificationAct(models.Model):
    """One thing that happened to a piece of practice: put forward, moved, asked about, confirmed and so on.

    A confirmation is `signed_` with what its person was at that moment.

    Acts are only ever added; the newest one is the state (see competencies.practice_states). `verifier` is the
    person asked from then on, `by` the person acting, `reason` their words: what would make it a yes, a question,
    an answer or why it was passed on. What the record need not know rests on the statement of the request.
    """

    class Act(models.TextChoices):
        REQUEST = "request", "Waiting to be confirmed"
        WITHDRAW = "withdraw", "Withdrawn"
        VERIFY = "verify", "Confirmed"
        DECLINE = "decline", "Not yet"
        MOVE = "move", "Moved to somebody else"
        ASK = "ask", "Question asked"
        ANSWER = "answer", "Question answered"
        PASS_ON = "pass_on", "Passed on to somebody else"

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="acts")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    verifier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="verification_acts")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(
        TeamSession, on_delete=models.PROTECT, null=True, blank=True, related_name="confirmations"
    )
    signed_name = models.CharField(max_length=200, blank=True)
    signed_role = models.CharField(max_length=600, blank=True)
    signed_registration = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["practice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="verification_act_number"),
            models.CheckConstraint(
                name="nobody_verifies_themselves",
                condition=~Q(verifier=F("owner")),
                violation_error_message="Ask somebody else: nobody confirms their own practice.",
            ),
            models.CheckConstraint(
                name="verifier_decides_owner_asks",
                condition=Q(act__in=("verify", "decline", "ask"), by=F("verifier"))
                | Q(act__in=("request", "withdraw", "move", "answer"), by=F("owner"))
                | (Q(act="pass_on") & ~Q(by=F("owner")) & ~Q(by=F("verifier"))),
            ),
            models.CheckConstraint(
                name="not_yet_says_what_would_make_it_yes", condition=~Q(act="decline") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="confirmations_are_signed",
                condition=(Q(act="verify") & ~Q(signed_name=""))
                | (~Q(act="verify") & Q(signed_name="", signed_role="", signed_registration="")),
            ),
            models.CheckConstraint(
                name="only_confirmations_have_a_session", condition=Q(act="verify") | Q(session=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice}: {self.get_act_display()}"

    @property
    def signature(self) -> str:
        """Name, role and registration, as they were when it was confirmed."""
        return ", ".join(filter(None, (self.signed_name, self.signed_role, self.signed_registration)))
