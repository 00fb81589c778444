"""Who may confirm practice, in one readable place. The rule and its reasons are in docs/adr."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q, QuerySet

from workforce.models import Grant, Post, Seat, User

from .models import Holding, VerificationAct

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


def can_decide(user: User, act: VerificationAct) -> bool:
    """Whether `user` was asked by this act and has not answered yet."""
    return act.act == VerificationAct.Act.REQUEST and act.verifier_id == user.pk
