"""What the acts of a practice, a portfolio or a place on a plan add up to: pure functions of the acts, oldest first.

`manage.py rebuild_evidence --check` compares them with what the tables say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from ..models import PanelAct, PlanAct, VerificationAct
from ..plans import states as of_plans
from ..portfolio import states as of_panels
from ..practice_states import STATE_AFTER, State


def practice_after(acts: Iterable[tuple[str, bool]]) -> State:
    """Where practice stands after acts, each with whether its statement still stands."""
    standing = [act for act, stands in acts if stands]
    return STATE_AFTER[VerificationAct.Act(standing[-1])] if standing else State.DRAFT


def panel_after(acts: Iterable[str]) -> list[of_panels.State]:
    """Where a portfolio stood after each act. KeyError for an act that may not follow."""
    state, found = of_panels.State.GATHERING, []
    for act in acts:
        state = of_panels.NEXT[state][PanelAct.Act(act)]
        found.append(state)
    return found


@dataclass(frozen=True)
class Place:
    """A person's place on a plan, as the table of places keeps it."""

    since: date
    met_on: date | None
    ended_on: date | None
    newest_act: int


def place_after(acts: Iterable[tuple[str, date]]) -> Place:
    """A place after acts, each with its day. KeyError for an act that may not follow."""
    state, place, number = of_plans.State.NOWHERE, None, 0
    for act, on in acts:
        state, number = of_plans.MAY_FOLLOW[state][of_plans.Act(act)], number + 1
        place = _place(place, of_plans.Act(act), on, number)
    assert place  # noqa: S101 a place begins with an act
    return place


def _place(place: Place | None, act: of_plans.Act, on: date, number: int) -> Place:
    if place is None:
        return Place(on, None, None, number)
    if act == of_plans.Act.MEET:
        return Place(place.since, on, None, number)
    if act == of_plans.Act.REOPEN:
        return Place(place.since, None, None, number)
    # Nobody leaves before they came, or before what they did was done.
    ended = max(filter(None, (on, place.since, place.met_on)))
    return Place(place.since, place.met_on, ended, number)


def portfolios_unlike_their_acts() -> list[int]:
    """Ids of portfolios whose acts carry another state than they add up to. One query."""
    rows = PanelAct.objects.order_by("portfolio", "number").values_list("portfolio", "act", "state")
    return [
        portfolio
        for portfolio, acts in _grouped(rows.iterator())
        if [state for _, _, state in acts] != panel_after(act for _, act, _ in acts)
    ]


def places_unlike_their_acts() -> list[int]:
    """Ids of places on plans that differ from what their acts add up to. One query."""
    rows = PlanAct.objects.order_by("assignment", "number").values_list(
        "assignment",
        "act",
        "on",
        "assignment__since",
        "assignment__met_on",
        "assignment__ended_on",
        "assignment__newest_act",
    )
    return [
        assignment
        for assignment, acts in _grouped(rows.iterator())
        if place_after((act, on) for _, act, on, *_ in acts) != Place(*acts[0][3:])
    ]


def _grouped(rows: Iterable[tuple]) -> Iterator[tuple[int, list[tuple]]]:
    for key, of_one in groupby(rows, key=itemgetter(0)):
        yield key, list(of_one)
