"""Where a practice conversation can stand, and what may happen there. The decision 0024 in docs shows the same."""

from enum import StrEnum

from ..models import PracticeConversation

State = PracticeConversation.State


class Step(StrEnum):
    MOVE_DAY = "move_day"
    CALL_OFF = "call_off"
    DECIDE = "decide"
    END = "end"


STATE_AFTER = {
    Step.MOVE_DAY: State.PLANNED,
    Step.CALL_OFF: State.CALLED_OFF,
    Step.DECIDE: State.PLANNED,
    Step.END: State.HELD,
}

MAY_FOLLOW: dict[State, set[Step]] = {
    State.PLANNED: set(Step),
    State.HELD: set(),
    State.CALLED_OFF: set(),
}

# The confirmer does the rest.
OF_THE_PERSON = {Step.MOVE_DAY, Step.CALL_OFF}
