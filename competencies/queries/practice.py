"""Practice as its owner and the person asked see it."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from workforce.models import User

from ..models import Capability, Confirmer, Practice, VerificationAct
from ..permissions import APPLY, who_may_verify
from ..practice_states import State, state_after

Act = VerificationAct.Act


def suggested_verifiers(
    owner: User,
    capability_codes: Collection[str],
    on: date,
    level: int = APPLY,
    confirmers: Collection[str] = (Confirmer.COLLEAGUE,),
    about: User | None = None,
) -> QuerySet[User]:
    capabilities = Capability.objects.filter(code__in=capability_codes).values_list("pk", flat=True)
    return who_may_verify(owner, list(capabilities), on, level, confirmers, about)


def practice_of(owner: User, registration: UUID, activity_iri: str) -> Practice | None:
    return (
        Practice.objects.filter(owner=owner, registration=registration, activity__iri=activity_iri)
        .prefetch_related("claims__capability", "acts__verifier", "acts__by", "acts__statement")
        .first()
    )


def practice_asked_of(user: User, uuid: UUID) -> Practice | None:
    """The practice, if its newest act that stands names this person as the one asked."""
    practice = (
        Practice.objects.filter(~Q(owner=user), uuid=uuid)
        .select_related("owner")
        .prefetch_related("claims__capability", "acts__statement", "acts__by", "acts__verifier")
        .first()
    )
    if practice is None:
        return None
    act = latest_act(practice)
    return practice if act.verifier_id == user.pk and state_after(act) != State.DRAFT else None


def latest_act(practice: Practice) -> VerificationAct:
    """The act that says where the practice stands. One that was voided on the record no longer says anything."""
    acts = sorted(practice.acts.all(), key=lambda act: act.number)
    return next((act for act in reversed(acts) if act.statement.voided_at is None), acts[0])


def exchange(practice: Practice, reader: User) -> list[VerificationAct]:
    """What was asked, answered and handed over, oldest first: all of it for the owner, else the reader's own part."""
    told = (Act.ASK, Act.ANSWER, Act.PASS_ON, Act.MOVE)
    acts = sorted(practice.acts.all(), key=lambda act: act.number)
    return [
        act
        for act in acts
        if act.act in told and reader.pk in (practice.owner_id, act.verifier_id, act.by_id)
    ]
