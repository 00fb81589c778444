"""Practice that a person has put forward and that is not confirmed yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from competencies.models import Practice, VerificationAct
from competencies.queries import latest_act
from workforce.models import User


@dataclass(frozen=True)
class Sent:
    """With whom it is, since when; `reason` is what would make it a yes, where the answer was "not yet"."""

    title: str
    href: str
    verifier: str
    since: date
    reason: str = ""


def sent_practice(user: User) -> list[Sent]:
    """What waits for somebody or was answered with "not yet", oldest first. Two queries."""
    mine = (
        Practice.objects.filter(owner=user)
        .select_related("activity")
        .prefetch_related("acts__verifier")
        .order_by("created_at", "pk")
    )
    return list(_open(mine))


def _open(mine: Iterable[Practice]) -> Iterable[Sent]:
    for practice in mine:
        act = latest_act(practice)
        if act.act in (VerificationAct.Act.REQUEST, VerificationAct.Act.DECLINE):
            yield Sent(
                practice.title, _step(practice), act.verifier.name, timezone.localdate(act.at), act.reason
            )


def _step(practice: Practice) -> str:
    key = UUID(practice.activity.iri.rpartition("/")[2])
    return reverse("curriculum:step", args=[practice.registration, key])
