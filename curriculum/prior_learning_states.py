"""Where a claim for prior learning can stand, and what may follow: the one table. The decision 0031 shows the same."""

from enum import StrEnum

from .models import PriorLearningAct

Act = PriorLearningAct.Act


class State(StrEnum):
    NEW = "Not asked"
    WAITING = "Waiting for a decision"
    WITHDRAWN = "Taken back"
    NOT_YET = "Not yet"
    ACCEPTED = "Accepted"
    UNDONE = "Accepted by mistake"


STATE_AFTER = {
    Act.ASK: State.WAITING,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.ACCEPT: State.ACCEPTED,
    Act.NOT_YET: State.NOT_YET,
    Act.UNDO: State.UNDONE,
}

MAY_FOLLOW = {
    State.NEW: {Act.ASK},
    State.WAITING: {Act.WITHDRAW, Act.ACCEPT, Act.NOT_YET},
    State.WITHDRAWN: {Act.ASK},
    State.NOT_YET: {Act.ASK},
    State.ACCEPTED: {Act.UNDO},
    State.UNDONE: {Act.ASK},
}

# The person does these; everything else is for a capability lead of the organisation.
OF_THE_PERSON = {Act.ASK, Act.WITHDRAW}


def state_after(act: PriorLearningAct | None) -> State:
    """Where a claim stands after its newest act. A waiver that was voided on the record is accepted no more."""
    if act is None:
        return State.NEW
    if act.statement is not None and act.statement.voided_at is not None:
        return State.UNDONE
    return STATE_AFTER[Act(act.act)]
