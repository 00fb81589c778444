"""Who may confirm practice, and who may edit the framework, in one readable place. The reasons are in docs/adr."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from workforce.models import Grant, Post, Seat, User
from workforce.queries import Viewer, has_grant, teams_around

from .models import Confirmer, Holding, Practice, VerificationAct
from .portfolio.seats import Place
from .practice_states import MAY_FOLLOW, OPEN, State, state_after
from .waiting import waiting_for

APPLY, LEAD_AND_COACH = 3, 4
FOUNDING_VERIFIER = Grant.Role.FOUNDING_VERIFIER
PATIENTS = "patients"


def who_may_verify(
    owner: User,
    capabilities: Collection[int],
    on: date,
    level: int = APPLY,
    confirmers: Collection[str] = (Confirmer.COLLEAGUE,),
    about: User | None = None,
) -> QuerySet[User]:
    """Those who may confirm practice of `owner`: the owner chooses among them.

    They are what the activity declares (see `_ways`), or were appointed as a founding verifier: in one of the owner's
    organisations, or for the nation.
    Never the owner; never somebody whom it is about, such as a person they challenged; never a speak-up guardian; and
    never somebody who gains by it, because practice of their own waits for the owner's answer.
    """
    ways = _ways(owner, capabilities, on, level)
    may = ways[FOUNDING_VERIFIER]
    for confirmer in confirmers:
        may |= ways[confirmer]
    guardians = _granted(on, Grant.Role.SPEAK_UP_GUARDIAN)
    return (
        User.objects.filter(may, is_active=True)
        .exclude(pk__in=[person.pk for person in (owner, about) if person])
        .exclude(pk__in=guardians.values("user"))
        .exclude(pk__in=waiting_for(owner).order_by().values("owner"))
        .order_by("name", "pk")
    )


def _ways(owner: User, capabilities: Collection[int], on: date, level: int) -> dict[str, Q]:
    """Each way to be somebody who may confirm practice of `owner`.

    A colleague has a post or a seat in one of the owner's organisations and holds every capability claimed, at the
    claimed level. The others need not hold it: a dated grant with a reason, or a seat, says that they may.
    """
    organisations = set(owner.memberships.values_list("organisation", flat=True))
    posts = Post.objects.filter(
        membership__organisation__in=organisations, superseded_at=None, during__contains=on
    )
    seats = Seat.objects.filter(committee__organisation__in=organisations, during__contains=on)
    here = Q(pk__in=posts.values("membership__user")) | Q(pk__in=seats.values("user"))
    holders = (
        Holding.objects.filter(capability__in=capabilities, level__gte=level, during__contains=on)
        .values("user")
        .annotate(held=Count("capability"))
        .filter(held=len(set(capabilities)))
    )
    around = Q(organisation__in=organisations) | Q(team__in=teams_around(owner, on))
    ways = {role: Q(pk__in=_granted(on, role).filter(around).values("user")) for role in Grant.Role.values}
    own_seats = Seat.objects.filter(user=owner, during__contains=on)
    partners = posts.filter(tier__key=PATIENTS)
    return {
        **ways,
        FOUNDING_VERIFIER: ways[FOUNDING_VERIFIER]
        | Q(pk__in=_granted(on, FOUNDING_VERIFIER).filter(national=True).values("user")),
        Confirmer.COLLEAGUE: here & Q(pk__in=holders.values("user")),
        Confirmer.LINK_WORKER: ways[Grant.Role.LINK_WORKER]
        | Q(pk__in=own_seats.values("committee__link_person")),
        Confirmer.PEER: ways[Grant.Role.PEER] & ~here,
        Confirmer.PATIENT_REPRESENTATIVE: Q(pk__in=seats.values("user"))
        | Q(pk__in=partners.values("membership__user")),
    }


def _granted(on: date, role: str) -> QuerySet[Grant]:
    return Grant.objects.filter(role=role, during__contains=on)


def who_may_verify_practice(practice: Practice, at: datetime) -> QuerySet[User]:
    """Those who may confirm this piece of practice, with all that it is put forward for."""
    claims = list(practice.claims.all())
    capabilities, level = [claim.capability_id for claim in claims], max(claim.level for claim in claims)
    return who_may_verify(
        practice.owner,
        capabilities,
        timezone.localdate(at),
        level,
        practice.confirmers,
        practice.about,
    )


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


def who_may_sit(owner: User, capabilities: Collection[int], on: date) -> QuerySet[User]:
    """Those who may sit on a panel of two for level 4: they hold level 3 or more, or are founding verifiers.

    Where they work, and who never, is as in `who_may_verify`.
    """
    return who_may_verify(owner, capabilities, on, APPLY)


def outside_own_teams(people: QuerySet[User], owner: User, on: date) -> QuerySet[User]:
    """Those of `people` who have no post in a team in which `owner` has one."""
    posts = Post.objects.filter(superseded_at=None, during__contains=on)
    own = posts.filter(membership__user=owner).values("team")
    return people.exclude(pk__in=posts.filter(team__in=own).values("membership__user"))


def has_a_view_from_outside(
    owner: User,
    members: Collection[User],
    capabilities: Collection[int],
    on: date,
    gone: Collection[int] = (),
) -> bool:
    """Whether one at least of a panel works outside the owner's own teams, if anybody there may sit.

    `gone` are the ids of those who left their place on this panel: nobody has to ask them again.
    """
    may = who_may_sit(owner, capabilities, on)
    outside = set(outside_own_teams(may, owner, on).values_list("pk", flat=True))
    return bool(outside & {member.pk for member in members}) or not outside - {*gone}


def can_be_replaced(owner: User, seat: Place, capabilities: Collection[int], at: datetime) -> bool:
    """Whether the owner may ask somebody else to take a place on the panel.

    At once when it is empty or when the person may no longer sit; else once they were silent for long enough.
    Whoever has answered stays: their answer counts.
    """
    if seat.answer is not None:
        return False
    if seat.member is None or at - seat.since >= timedelta(days=settings.PRACTICE_SILENCE_DAYS):
        return True
    return not who_may_sit(owner, capabilities, timezone.localdate(at)).filter(pk=seat.member.pk).exists()


def can_edit_framework(user: Viewer, on: date) -> bool:
    """Two things are needed: the permission to change editions, and to be the national education lead on the day."""
    return user.has_perm("competencies.change_edition") and has_grant(user, Grant.Role.EDUCATION_LEAD, on)
