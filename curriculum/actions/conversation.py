"""A practice conversation is prepared: what it covers is put to one person, and planned with them for a day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from competencies.conversations.actions import plan_conversation
from competencies.models import Practice, PracticeConversation
from competencies.permissions import can_decide
from competencies.practice_states import OPEN, state_after
from competencies.queries import latest_act
from workforce.models import User

from ..conversation import Piece
from .practice import submit_practice, take_back_practice


@transaction.atomic
def prepare_conversation(
    *,
    person: User,
    confirmer: User,
    on: date,
    pieces: Sequence[Piece],
    capabilities: Collection[str] = (),
    at: datetime | None = None,
) -> PracticeConversation:
    """Put each piece to the confirmer, unless it is with them, and plan the conversation.

    What is with somebody else is taken back first, so that its history says so. Raises ValidationError, and changes
    nothing, when one of them cannot be put to the confirmer.
    """
    at = at or timezone.now()
    practices = [_with(confirmer, piece, at) for piece in pieces]
    return plan_conversation(
        person=person, confirmer=confirmer, on=on, practices=practices, capabilities=capabilities, at=at
    )


def _with(confirmer: User, piece: Piece, at: datetime) -> Practice:
    act = latest_act(piece.practice) if piece.practice else None
    if piece.practice and act and can_decide(confirmer, act):
        return piece.practice
    key = piece.activity.key
    if act and state_after(act) in OPEN:
        take_back_practice(attempt=piece.attempt, activity_key=key, at=at)
    return submit_practice(
        attempt=piece.attempt,
        activity_key=key,
        verifier=confirmer,
        answers=piece.answers,
        about=piece.about,
        at=at,
    )
