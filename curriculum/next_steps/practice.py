"""Practice that a person has put forward and that is not confirmed yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from competencies.models import Practice
from competencies.practice_states import OPEN, State, state_after
from competencies.queries import latest_act
from workforce.models import User


@dataclass(frozen=True)
class Sent:
    """With whom it is, since when; `reason` is what would make it a yes, where the answer was "not yet".

    `question` is what they asked, where that waits for an answer.
    """

    title: str
    href: str
    verifier: str
    since: date
    reason: str = ""
    question: str = ""


def sent_practice(user: User) -> list[Sent]:
    """What waits for somebody or was answered with "not yet", oldest first. Four queries."""
    mine = (
        Practice.objects.filter(owner=user)
        .select_related("activity")
        .prefetch_related("acts__verifier", "acts__statement")
        .order_by("created_at", "pk")
    )
    return list(_open(mine))


def _open(mine: Iterable[Practice]) -> Iterable[Sent]:
    for practice in mine:
        act = latest_act(practice)
        state = state_after(act)
        if state in OPEN or state == State.NOT_YET:
            yield Sent(
                practice.title,
                _step(practice),
                act.verifier.name,
                timezone.localdate(act.at),
                reason=act.reason if state == State.NOT_YET else "",
                question=act.reason if state == State.ASKED else "",
            )


def _step(practice: Practice) -> str:
    key = UUID(practice.activity.iri.rpartition("/")[2])
    return reverse("curriculum:step", args=[practice.registration, key])
