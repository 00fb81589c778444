"""Where a person can stand with a plan, and what may follow: the one table (docs/adr/0027-learning-plans.md)."""

from collections.abc import Iterable
from enum import StrEnum

from ..models import PlanAct

Act = PlanAct.Act


class State(StrEnum):
    NOWHERE = "nowhere"  # not on the plan yet
    PLANNED = "planned"
    MET = "met"
    OFF = "off"


MAY_FOLLOW: dict[State, dict[Act, State]] = {
    State.NOWHERE: {Act.PLAN: State.PLANNED},
    State.PLANNED: {Act.MEET: State.MET, Act.END: State.OFF, Act.REMOVE: State.OFF},
    State.MET: {Act.REOPEN: State.PLANNED, Act.END: State.OFF, Act.REMOVE: State.OFF},
    State.OFF: {},
}


def state_after(acts: Iterable[str]) -> State:
    """Where these acts, oldest first, leave a person. KeyError for an act that may not follow."""
    state = State.NOWHERE
    for act in acts:
        state = MAY_FOLLOW[state][Act(act)]
    return state
