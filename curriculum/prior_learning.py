"""Prior learning as the person, and the capability leads who decide, see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from workforce.models import Grant, Organisation, User
from workforce.queries import organisations_led

from .models import PriorLearningAct, PriorLearningClaim, PriorLearningDocument
from .prior_learning_states import STATE_AFTER, State, state_after

SHOWN_FOR = timedelta(days=365)
UNDECIDED = [act for act, state in STATE_AFTER.items() if state == State.WAITING]
DECIDED = (PriorLearningAct.Act.ACCEPT, PriorLearningAct.Act.NOT_YET, PriorLearningAct.Act.UNDO)


@dataclass(frozen=True)
class Standing:
    """A claim with its newest act, and where it stands."""

    claim: PriorLearningClaim
    act: PriorLearningAct
    days: int

    @property
    def state(self) -> State:
        return state_after(self.act)


def own_claims(user: User, on: date) -> list[Standing]:
    """What a person asked for, newest first. One query."""
    return [_standing(act, on) for act in _newest().filter(person=user).order_by("-at", "-pk")]


def claims_waiting(user: User, on: date) -> list[Standing]:
    """What waits for the capability leads of this person's organisations, oldest first; never their own."""
    waiting = _newest().filter(claim__organisation__in=organisations_led(user, on), act__in=UNDECIDED)
    return [_standing(act, on) for act in waiting.exclude(person=user).order_by("at", "pk")]


def claims_decided(user: User, on: date) -> list[Standing]:
    """What was decided there within a year, newest first."""
    decided = _newest().filter(
        claim__organisation__in=organisations_led(user, on),
        act__in=DECIDED,
        at__date__gt=on - SHOWN_FOR,
    )
    return [_standing(act, on) for act in decided.exclude(person=user).order_by("-at", "-pk")]


def latest_of(claim: PriorLearningClaim) -> PriorLearningAct:
    return _newest().get(claim=claim)


def who_decides(organisation: Organisation, person: User, on: date) -> QuerySet[User]:
    """The capability leads of an organisation, without the person who asks."""
    leads = Grant.objects.filter(
        role=Grant.Role.CAPABILITY_LEAD, organisation=organisation, during__contains=on
    )
    return User.objects.filter(pk__in=leads.values("user")).exclude(pk=person.pk).order_by("name", "pk")


def parts_of(document: PriorLearningDocument) -> Iterator[bytes]:
    """The document, piece by piece: each is asked for when the one before it was sent."""
    for number in list(document.parts.order_by("number").values_list("number", flat=True)):
        yield bytes(document.parts.values_list("data", flat=True).get(number=number))


def _newest() -> QuerySet[PriorLearningAct]:
    newest = PriorLearningAct.objects.filter(claim=OuterRef("claim")).order_by("-number")
    return PriorLearningAct.objects.filter(pk=Subquery(newest.values("pk")[:1])).select_related(
        "claim__person", "claim__organisation", "claim__document", "statement", "by"
    )


def _standing(act: PriorLearningAct, on: date) -> Standing:
    return Standing(act.claim, act, (on - timezone.localdate(act.at)).days)
