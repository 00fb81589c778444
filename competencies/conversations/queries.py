"""Practice conversations, for the two people who have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from workforce.models import User

from ..models import ConversationItem, PracticeClaim, PracticeConversation, PracticeFile
from ..permissions import can_decide
from ..practice_states import State, state_after
from ..queries import capability_names, latest_act

Prompts = list[tuple[PracticeClaim, str]]


@dataclass(frozen=True)
class Covered:
    """One thing that a conversation covers, as its pages show it.

    `prompts` are the claims with the names of their capabilities; `is_open` says whether the confirmer can answer.
    """

    item: ConversationItem
    title: str
    prompts: Prompts
    files: list[PracticeFile]
    is_open: bool
    standing: str


def conversations_of(person: User) -> QuerySet[PracticeConversation]:
    """A person's own, newest first."""
    return PracticeConversation.objects.filter(person=person).select_related("confirmer")


def planned_with(confirmer: User) -> QuerySet[PracticeConversation]:
    """Those in which this person is the one who may confirm, soonest first."""
    planned = PracticeConversation.objects.filter(
        confirmer=confirmer, state=PracticeConversation.State.PLANNED
    )
    return planned.select_related("person").order_by("day", "pk")


def conversation_for(reader: User, uuid: UUID) -> PracticeConversation | None:
    """For the two people only. One that was called off is the person's own."""
    held = ~Q(state=PracticeConversation.State.CALLED_OFF)
    return (
        PracticeConversation.objects.filter(Q(person=reader) | (Q(confirmer=reader) & held), uuid=uuid)
        .select_related("person", "confirmer")
        .first()
    )


def covered(conversation: PracticeConversation) -> list[Covered]:
    """What a conversation covers, in the order in which it was chosen. Nine queries, however much it is."""
    items = list(_items().filter(conversation=conversation))
    return described(items, conversation.confirmer)


def held_between(person: User, start: date, end: date) -> list[PracticeConversation]:
    """The conversations that a person had from one day to another, oldest first."""
    held = PracticeConversation.objects.filter(
        person=person, state=PracticeConversation.State.HELD, day__range=(start, end)
    )
    return list(held.select_related("confirmer").order_by("day", "pk"))


def described(items: Iterable[ConversationItem], confirmer: User) -> list[Covered]:
    items = list(items)
    names = _names(items)
    files = _files(items)
    return [_described(item, confirmer, names, files) for item in items]


def _items() -> QuerySet[ConversationItem]:
    return ConversationItem.objects.select_related(
        "practice", "capability", "act__statement"
    ).prefetch_related(
        "practice__claims__capability", "practice__acts__statement", "practice__acts__verifier"
    )


def _names(items: Iterable[ConversationItem]) -> dict[str, str]:
    codes = {item.capability.code for item in items if item.capability}
    codes |= {c.capability.code for item in items if item.practice for c in item.practice.claims.all()}
    return capability_names(codes)


Key = tuple[UUID, UUID]


def _files(items: Iterable[ConversationItem]) -> dict[Key, list[PracticeFile]]:
    """By activity and registration; those of other activities of the same attempts are left where they are."""
    practices = [item.practice for item in items if item.practice]
    found: dict[Key, list[PracticeFile]] = {}
    for file in PracticeFile.objects.filter(
        owner__in={practice.owner_id for practice in practices},
        registration__in={practice.registration for practice in practices},
    ):
        found.setdefault((file.activity_id, file.registration), []).append(file)
    return found


def _described(
    item: ConversationItem, confirmer: User, names: dict[str, str], files: dict[Key, list[PracticeFile]]
) -> Covered:
    if item.practice is None:
        title = names.get(item.capability.code, item.capability.code) if item.capability else ""
        return Covered(item, title, [], [], not item.outcome, item.get_outcome_display())
    practice = item.practice
    act = latest_act(practice)
    is_open = can_decide(confirmer, act)
    return Covered(
        item,
        practice.title,
        [(claim, names.get(claim.capability.code, claim.capability.code)) for claim in practice.claims.all()],
        files.get((practice.activity_id, practice.registration), []) if is_open else [],
        is_open,
        _standing(item, is_open, state_after(act)),
    )


ELSEWHERE = {
    State.WAITING: "With somebody else now",
    State.ASKED: "With somebody else now",
    State.WITHDRAWN: "Taken back",
    State.CONFIRMED: "Confirmed on its own page",
    State.NOT_YET: "Not yet, on its own page",
    State.DRAFT: "A draft again",
}


def _standing(item: ConversationItem, is_open: bool, state: State) -> str:
    """What came of it, in words."""
    stands = item.act is not None and item.act.statement.voided_at is None
    if stands or (item.outcome == item.Outcome.TALKED and is_open):
        return item.get_outcome_display()
    return "" if is_open else ELSEWHERE[state]
