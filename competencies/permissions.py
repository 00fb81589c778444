"""Who may confirm practice, and who may edit the framework, in one readable place. The reasons are in docs/adr."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from workforce.models import Grant, Post, Seat, User
from workforce.queries import Viewer, has_grant

from .models import Holding, Practice, VerificationAct
from .practice_states import MAY_FOLLOW, OPEN, State, state_after

APPLY, LEAD_AND_COACH = 3, 4


def who_may_verify(
    owner: User, capabilities: Collection[int], on: date, level: int = APPLY
) -> QuerySet[User]:
    """Those who may confirm practice of `owner`: the owner chooses among them.

    They have a post or a seat in one of the owner's organisations and hold every capability claimed, at the claimed
    level; or they were appointed there, or for the nation, as a founding verifier.
    Never the owner; never a speak-up guardian.
    """
    organisations = set(owner.memberships.values_list("organisation", flat=True))
    colleagues = Post.objects.filter(
        membership__organisation__in=organisations, superseded_at=None, during__contains=on
    )
    founding = Grant.objects.filter(
        Q(organisation__in=organisations) | Q(national=True),
        role=Grant.Role.FOUNDING_VERIFIER,
        during__contains=on,
    )
    guardians = Grant.objects.filter(role=Grant.Role.SPEAK_UP_GUARDIAN, during__contains=on)
    holders = (
        Holding.objects.filter(capability__in=capabilities, level__gte=level, during__contains=on)
        .values("user")
        .annotate(held=Count("capability"))
        .filter(held=len(set(capabilities)))
    )
    seated = Seat.objects.filter(committee__organisation__in=organisations, during__contains=on)
    here = Q(pk__in=colleagues.values("membership__user")) | Q(pk__in=seated.values("user"))
    able = here & Q(pk__in=holders.values("user"))
    return (
        User.objects.filter(able | Q(pk__in=founding.values("user")), is_active=True)
        .exclude(pk=owner.pk)
        .exclude(pk__in=guardians.values("user"))
        .order_by("name", "pk")
    )


def who_may_verify_practice(practice: Practice, at: datetime) -> QuerySet[User]:
    """Those who may confirm this piece of practice, with all that it is put forward for."""
    claims = list(practice.claims.all())
    capabilities, level = [claim.capability_id for claim in claims], max(claim.level for claim in claims)
    return who_may_verify(practice.owner, capabilities, timezone.localdate(at), level)


def can_decide(user: User, act: VerificationAct) -> bool:
    """Whether `user` was asked and has not decided yet; `act` is the newest one."""
    return state_after(act) in OPEN and act.verifier_id == user.pk


def can_move(act: VerificationAct, at: datetime) -> bool:
    """Whether the owner may move the practice to somebody else; `act` is the newest one.

    When the person asked may no longer confirm it, at any time; else once they were silent for long enough.
    While a question waits for the owner, nobody else is silent.
    """
    state = state_after(act)
    if VerificationAct.Act.MOVE not in MAY_FOLLOW[state]:
        return False
    if state == State.WAITING and at - act.at >= timedelta(days=settings.PRACTICE_SILENCE_DAYS):
        return True
    return not who_may_verify_practice(act.practice, at).filter(pk=act.verifier_id).exists()


def can_edit_framework(user: Viewer, on: date) -> bool:
    """Two things are needed: the permission to change editions, and to be the national education lead on the day."""
    return user.has_perm("competencies.change_edition") and has_grant(user, Grant.Role.EDUCATION_LEAD, on)
