"""A practice conversation is planned by the person, and held and ended by the one who may confirm."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import User

from ..actions import decline, verify
from ..models import Capability, ConversationItem, Practice, PracticeClaim, PracticeConversation
from ..permissions import APPLY, can_decide, who_may_verify, who_may_verify_practice
from ..queries import latest_act
from .states import MAY_FOLLOW, OF_THE_PERSON, STATE_AFTER, Step

Outcome = ConversationItem.Outcome
State = PracticeConversation.State


@transaction.atomic
def plan_conversation(
    *,
    person: User,
    confirmer: User,
    on: date,
    practices: Sequence[Practice],
    capabilities: Collection[str] = (),
    at: datetime | None = None,
) -> PracticeConversation:
    """Plan to go through practice that is with the confirmer, and capabilities to talk about.

    Raises ValidationError when there is nothing to cover, when the day is past, when practice is not with the
    confirmer, when they may not confirm it, or when the two have planned one already.
    """
    at = at or timezone.now()
    _check_day(on, at)
    talked = list(Capability.objects.filter(code__in=capabilities).order_by("pk"))
    if not practices and not talked:
        raise ValidationError("Choose at least one piece of practice, or a capability to talk about.")
    _check_confirmer(person, confirmer, practices, talked, at)
    # One after the other for each person, so that two at once do not both plan.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if PracticeConversation.objects.filter(person=person, confirmer=confirmer, state=State.PLANNED).exists():
        raise ValidationError(f"You have one planned with {confirmer} already. Call that one off first.")
    conversation = PracticeConversation(person=person, confirmer=confirmer, day=on, created_at=at)
    conversation.full_clean()
    conversation.save()
    pieces = [ConversationItem(conversation=conversation, practice=practice) for practice in practices]
    talks = [ConversationItem(conversation=conversation, capability=capability) for capability in talked]
    ConversationItem.objects.bulk_create([*pieces, *talks])
    return conversation


def _check_confirmer(
    person: User, confirmer: User, practices: Sequence[Practice], talked: Sequence[Capability], at: datetime
) -> None:
    """One who may confirm all practice; where there is none, one who may confirm what is talked about."""
    claims = PracticeClaim.objects.filter(practice__in=practices)
    if claims.exclude(level=APPLY).exists():
        raise ValidationError("A portfolio for level 4 is not part of a practice conversation.")
    talks = {capability.pk for capability in talked}
    may = [who_may_verify_practice(practice, at) for practice in practices]
    for people in may or [who_may_verify(person, talks, timezone.localdate(at))]:
        if not people.filter(pk=confirmer.pk).exists():
            raise ValidationError("That person cannot confirm all of this. Choose someone from the list.")
    for practice in practices:
        if practice.owner_id != person.pk or not can_decide(confirmer, latest_act(practice)):
            raise ValidationError(f"“{practice.title}” is not with {confirmer}. Choose again what it covers.")


def _check_day(on: date, at: datetime) -> None:
    if on < timezone.localdate(at):
        raise ValidationError("Choose today or a day to come.")


@transaction.atomic
def move_day(
    *, conversation: PracticeConversation, by: User, on: date, at: datetime | None = None
) -> PracticeConversation:
    """The person plans it for another day."""
    conversation = _lock(conversation, Step.MOVE_DAY, by)
    _check_day(on, at or timezone.now())
    conversation.day = on
    conversation.save(update_fields=["day"])
    return conversation


@transaction.atomic
def call_off(
    *, conversation: PracticeConversation, by: User, at: datetime | None = None
) -> PracticeConversation:
    """The person plans it no longer. Practice that waits goes on waiting, and can be taken back."""
    return _finish(_lock(conversation, Step.CALL_OFF, by), Step.CALL_OFF, at or timezone.now())


@transaction.atomic
def decide_item(
    *, item: ConversationItem, by: User, outcome: str, reason: str = "", at: datetime | None = None
) -> ConversationItem:
    """The confirmer says what came of one thing. Confirmed and not yet are acts of their own about the practice.

    Talked about only changes nothing about the practice, and can still become one of the others.
    """
    conversation = _lock(item.conversation, Step.DECIDE, by)
    at = at or timezone.now()
    item = conversation.items.select_related("practice").get(pk=item.pk)
    if item.act_id is not None:
        raise ValidationError("You have answered this already.")
    if outcome == Outcome.TALKED:
        item.outcome = outcome
    elif item.practice is None or outcome not in Outcome.values:
        raise ValidationError("A capability without practice can only be talked about.")
    else:
        item.act = (
            verify(practice=item.practice, by=by, at=at)
            if outcome == Outcome.CONFIRMED
            else decline(practice=item.practice, by=by, reason=reason, at=at)
        )
        item.outcome = outcome
    item.save(update_fields=["outcome", "act"])
    return item


@transaction.atomic
def end_conversation(
    *, conversation: PracticeConversation, by: User, at: datetime | None = None
) -> PracticeConversation:
    """The confirmer says that it was held, once there is an answer to everything that is still with them."""
    conversation = _lock(conversation, Step.END, by)
    at = at or timezone.now()
    open_items = conversation.items.filter(outcome="").select_related("practice")
    for item in open_items.prefetch_related("practice__acts__statement"):
        if item.practice is None or can_decide(by, latest_act(item.practice)):
            raise ValidationError("Say for each what came of it. Then end the conversation.")
    conversation.day = timezone.localdate(at)
    return _finish(conversation, Step.END, at)


@transaction.atomic
def write_account(
    *,
    conversation: PracticeConversation,
    by: User,
    learned: str,
    changed: str,
    relevance: str,
    words: Mapping[int, str],
) -> PracticeConversation:
    """The person writes, changes or deletes their own words: of the account, and (by item) of what they talk about."""
    conversation = PracticeConversation.objects.select_for_update().get(pk=conversation.pk)
    if conversation.person_id != by.pk:
        raise ValidationError("Only the person whose conversation this is can write here.")
    conversation.learned, conversation.changed, conversation.relevance = learned, changed, relevance
    conversation.save(update_fields=["learned", "changed", "relevance"])
    for item in conversation.items.filter(practice=None, pk__in=words):
        item.words = words[item.pk]
        item.save(update_fields=["words"])
    return conversation


def _lock(conversation: PracticeConversation, step: Step, by: User) -> PracticeConversation:
    """The conversation, where the table lets `step` follow and `by` is the one whose turn that is."""
    conversation = PracticeConversation.objects.select_for_update().get(pk=conversation.pk)
    if step not in MAY_FOLLOW[State(conversation.state)]:
        raise ValidationError("This conversation has ended. Nothing more can be changed in it.")
    if by.pk != (conversation.person_id if step in OF_THE_PERSON else conversation.confirmer_id):
        raise ValidationError("This is for the other person of the conversation.")
    return conversation


def _finish(conversation: PracticeConversation, step: Step, at: datetime) -> PracticeConversation:
    conversation.state, conversation.ended_at = STATE_AFTER[step], at
    conversation.save(update_fields=["state", "ended_at", "day"])
    return conversation
