import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from workforce.models import User

from .framework import Capability
from .practice import Practice, VerificationAct


class PracticeConversation(models.Model):
    """A person and somebody who may confirm talk through several pieces of practice in one visit, once a year.

    `learned`, `changed` and `relevance` are what the person writes for their reflective account: for them alone.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CALLED_OFF = "called_off", "Called off"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practice_conversations")
    confirmer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conversations_to_confirm")
    day = models.DateField(help_text="Planned for; once held, when it was.")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    learned = models.TextField(blank=True)
    changed = models.TextField(blank=True)
    relevance = models.TextField(blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="no_practice_conversation_with_oneself", condition=~Q(person=F("confirmer"))
            ),
            models.UniqueConstraint(
                fields=["person", "confirmer"],
                condition=Q(state="planned"),
                name="one_planned_conversation_of_two_people",
            ),
            models.CheckConstraint(
                name="conversation_ended_has_a_time",
                condition=Q(state="planned", ended_at=None)
                | (~Q(state="planned") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} with {self.confirmer}, {self.day}"


class ConversationItem(models.Model):
    """One thing that a conversation covers: a piece of practice, or a capability that is only talked about.

    What was decided about practice is an act of its own, and `act` says which.
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        NOT_YET = "not_yet", "Not yet"
        TALKED = "talked", "Talked about only"

    conversation = models.ForeignKey(PracticeConversation, on_delete=models.CASCADE, related_name="items")
    practice = models.ForeignKey(
        Practice, null=True, blank=True, on_delete=models.CASCADE, related_name="conversation_items"
    )
    capability = models.ForeignKey(
        Capability, null=True, blank=True, on_delete=models.PROTECT, related_name="conversation_items"
    )
    words = models.TextField(blank=True, help_text="What the person wants to say about the capability.")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    act = models.OneToOneField(
        VerificationAct, null=True, blank=True, on_delete=models.CASCADE, related_name="conversation_item"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "practice"], name="practice_once_a_conversation"),
            models.UniqueConstraint(
                fields=["conversation", "capability"], name="capability_once_a_conversation"
            ),
            models.CheckConstraint(
                name="item_is_practice_or_a_capability",
                condition=Q(practice__isnull=False, capability=None, words="")
                | Q(practice=None, capability__isnull=False),
            ),
            models.CheckConstraint(
                name="item_decided_by_an_act_of_its_own",
                condition=Q(outcome__in=("confirmed", "not_yet"), act__isnull=False, practice__isnull=False)
                | Q(outcome__in=("", "talked"), act=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.practice or self.capability)
