"""The two places of a panel: who sits there, since when, and what they answered."""

from dataclasses import dataclass
from datetime import datetime

from workforce.models import User

from ..models import PanelAct
from .states import ANSWERS


@dataclass(frozen=True)
class Place:
    """One of the two places; `since` is when its person was asked, or when it became empty."""

    member: User | None
    since: datetime
    answer: PanelAct | None


def seats_of(act: PanelAct) -> list[Place]:
    """The two places after the newest act. One query."""
    acts = list(
        PanelAct.objects.filter(portfolio=act.portfolio_id, round=act.round)
        .select_related("first", "second", "by")
        .order_by("number")
    )
    return [_seat(acts, "first"), _seat(acts, "second")]


def _seat(acts: list[PanelAct], place: str) -> Place:
    member: User | None = getattr(acts[-1], place)
    since = acts[-1].at
    for act in reversed(acts):
        if getattr(act, f"{place}_id") != (member.pk if member else None):
            break
        since = act.at
    answers = (act for act in acts if member and act.act in ANSWERS and act.by_id == member.pk)
    return Place(member, since, next(answers, None))


def who_left(act: PanelAct) -> set[int]:
    """Ids of those who sat since it was put forward this time, and no longer do. One query."""
    sat = PanelAct.objects.filter(portfolio=act.portfolio_id, round=act.round).values_list("first", "second")
    return {pk for pair in sat for pk in pair if pk is not None} - {act.first_id, act.second_id}
