"""Where a portfolio can stand with its panel, and what may happen there: the one table. Docs: 0025."""

from ..models import PanelAct

Act = PanelAct.Act
State = PanelAct.State

# Where it stands → what may follow → where it then stands.
NEXT: dict[State, dict[Act, State]] = {
    State.GATHERING: {Act.PUT_FORWARD: State.WAITING},
    State.WAITING: {
        Act.AGREE: State.ONE_YES,
        Act.NOT_YET: State.ONE_NOT_YET,
        Act.STEP_ASIDE: State.WAITING,
        Act.REPLACE: State.WAITING,
        Act.WITHDRAW: State.WITHDRAWN,
        Act.REVOKE: State.REVOKED,
    },
    State.ONE_YES: {
        Act.AGREE: State.CONFERRED,
        Act.NOT_YET: State.NOT_YET,
        Act.STEP_ASIDE: State.ONE_YES,
        Act.REPLACE: State.ONE_YES,
        Act.WITHDRAW: State.WITHDRAWN,
        Act.REVOKE: State.REVOKED,
    },
    State.ONE_NOT_YET: {
        Act.AGREE: State.NOT_YET,
        Act.NOT_YET: State.NOT_YET,
        Act.STEP_ASIDE: State.ONE_NOT_YET,
        Act.REPLACE: State.ONE_NOT_YET,
        Act.WITHDRAW: State.WITHDRAWN,
        Act.REVOKE: State.REVOKED,
    },
    State.WITHDRAWN: {Act.PUT_FORWARD: State.WAITING},
    State.NOT_YET: {Act.PUT_FORWARD: State.WAITING},
    # Again with another attempt, when the level is to be renewed.
    State.CONFERRED: {Act.PUT_FORWARD: State.WAITING, Act.REVOKE: State.REVOKED},
    State.REVOKED: {Act.PUT_FORWARD: State.WAITING},
}

OF_THE_OWNER = {Act.PUT_FORWARD, Act.REPLACE, Act.WITHDRAW}
OF_A_MEMBER = {Act.AGREE, Act.NOT_YET, Act.STEP_ASIDE}
ANSWERS = {Act.AGREE, Act.NOT_YET}
# With a panel that has not finished.
OPEN = {State.WAITING, State.ONE_YES, State.ONE_NOT_YET}


def state_after(act: PanelAct | None) -> State:
    """Where a portfolio stands after its newest act."""
    return State(act.state) if act else State.GATHERING


def who_does(act: Act) -> str:
    """In a word, for the table in the docs."""
    if act in OF_THE_OWNER:
        return "owner"
    return "member" if act in OF_A_MEMBER else "record"
