"""Where practice can stand, and what may happen there: the one table. The decision 0022 in docs shows the same."""

from enum import StrEnum

from .models import VerificationAct

Act = VerificationAct.Act


class State(StrEnum):
    DRAFT = "Draft"
    WAITING = "Waiting"
    ASKED = "Question asked"
    WITHDRAWN = "Withdrawn"
    NOT_YET = "Not yet"
    CONFIRMED = "Confirmed"


STATE_AFTER = {
    Act.REQUEST: State.WAITING,
    Act.MOVE: State.WAITING,
    Act.ASK: State.ASKED,
    Act.ANSWER: State.WAITING,
    Act.PASS_ON: State.WAITING,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.VERIFY: State.CONFIRMED,
    Act.DECLINE: State.NOT_YET,
}

MAY_FOLLOW = {
    State.DRAFT: {Act.REQUEST},
    State.WAITING: {Act.MOVE, Act.WITHDRAW, Act.ASK, Act.PASS_ON, Act.VERIFY, Act.DECLINE},
    State.ASKED: {Act.ANSWER, Act.MOVE, Act.WITHDRAW, Act.PASS_ON, Act.VERIFY, Act.DECLINE},
    State.WITHDRAWN: {Act.REQUEST},
    State.NOT_YET: {Act.REQUEST},
    State.CONFIRMED: set(),
}

# The owner does these; everything else is for the person asked.
OF_THE_OWNER = {Act.REQUEST, Act.MOVE, Act.ANSWER, Act.WITHDRAW}
# With somebody who was asked and has not decided.
OPEN = {State.WAITING, State.ASKED}


def state_after(act: VerificationAct | None) -> State:
    """Where practice stands after the newest act that counts; without any, or if it was voided, it is a draft."""
    return STATE_AFTER[Act(act.act)] if act and act.statement.voided_at is None else State.DRAFT
