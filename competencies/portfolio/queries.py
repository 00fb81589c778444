"""Portfolios as their owner and the two people of the panel see them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from workforce.models import User

from ..models import PanelAct, Portfolio, PortfolioClaim, PortfolioEntry, Practice
from ..practice_states import State as PracticeState
from ..practice_states import state_after as practice_state_after
from ..queries import capability_names, latest_act
from .states import ANSWERS, OPEN


def portfolio_of(owner: User, activity_iri: str) -> Portfolio | None:
    return (
        Portfolio.objects.filter(owner=owner, activity__iri=activity_iri)
        .prefetch_related("entries__capability", "entries__practice", "claims__capability")
        .first()
    )


def newest_act(portfolio: Portfolio) -> PanelAct | None:
    return portfolio.acts.select_related("first", "second", "by").order_by("number").last()


def waiting_panels(member: User) -> QuerySet[PanelAct]:
    """The newest act of each portfolio on whose panel this person sits and has not answered, longest first."""
    newest = PanelAct.objects.filter(portfolio=OuterRef("portfolio")).order_by("-number").values("pk")[:1]
    answered = PanelAct.objects.filter(
        portfolio=OuterRef("portfolio"), round=OuterRef("round"), act__in=list(ANSWERS), by=member
    )
    return (
        PanelAct.objects.filter(
            Q(first=member) | Q(second=member), ~Exists(answered), state__in=list(OPEN), pk=Subquery(newest)
        )
        .select_related("portfolio__owner", "first", "second")
        .prefetch_related("portfolio__claims__capability")
        .order_by("at", "pk")
    )


def panel_of(uuid: UUID, member: User) -> PanelAct | None:
    """The newest act of a portfolio, if this person sits on its panel."""
    act = (
        PanelAct.objects.filter(portfolio__uuid=uuid)
        .select_related("portfolio__owner", "first", "second", "by")
        .order_by("number")
        .last()
    )
    return act if act and member.pk in (act.first_id, act.second_id) else None


def confirmed_practice(owner: User) -> list[Practice]:
    """Practice of one's own that was confirmed, newest first, for an entry to point to."""
    mine = Practice.objects.filter(owner=owner).prefetch_related("acts__statement").order_by("-created_at")
    return [piece for piece in mine if practice_state_after(latest_act(piece)) == PracticeState.CONFIRMED]


def entries_by_prompt(portfolio: Portfolio) -> list[tuple[PortfolioClaim, str, list[PortfolioEntry]]]:
    """What it was put forward for: each prompt, the name of its capability, and the entries that answer it."""
    claims = list(portfolio.claims.select_related("capability"))
    names = capability_names([claim.capability.code for claim in claims])
    entries = list(portfolio.entries.select_related("practice"))
    return [
        (
            claim,
            names.get(claim.capability.code, claim.capability.code),
            [entry for entry in entries if entry.capability_id == claim.capability_id],
        )
        for claim in claims
    ]


def panels_with_names(member: User) -> list[tuple[PanelAct, list[str], int]]:
    """What waits for this person on panels: the newest act, the capabilities by name, and for how many days."""
    acts = list(waiting_panels(member))
    codes = [[claim.capability.code for claim in act.portfolio.claims.all()] for act in acts]
    names = capability_names({code for of_one in codes for code in of_one}) if acts else {}
    today = timezone.localdate()
    return [
        (act, [names.get(code, code) for code in of_one], (today - timezone.localdate(act.at)).days)
        for act, of_one in zip(acts, codes, strict=True)
    ]


def newest_acts(portfolios: Iterable[Portfolio]) -> dict[int, PanelAct]:
    """By the id of the portfolio: its newest act, where it was ever put forward."""
    acts = PanelAct.objects.filter(portfolio__in=[portfolio.pk for portfolio in portfolios])
    return {
        act.portfolio_id: act for act in acts.order_by("portfolio_id", "-number").distinct("portfolio_id")
    }
