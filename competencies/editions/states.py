"""Where an edition can stand, and what may happen there: the one table. The decision 0028 in docs shows the same."""

from ..models import Edition, EditionAct

Act = EditionAct.Act
State = Edition.State

# Where an edition stands after an act. What is said about it moves nothing.
STATE_AFTER = {
    Act.DRAFT: State.DRAFT,
    Act.LOAD: State.PUBLISHED,
    Act.SEND: State.IN_REVIEW,
    Act.COMMENT: State.IN_REVIEW,
    Act.AGREE: State.IN_REVIEW,
    Act.ASK_CHANGE: State.IN_REVIEW,
    Act.TAKE_BACK: State.DRAFT,
    Act.PUBLISH: State.PUBLISHED,
    Act.RETIRE: State.RETIRED,
}

MAY_FOLLOW = {
    State.DRAFT: {Act.SEND},
    State.IN_REVIEW: {Act.COMMENT, Act.AGREE, Act.ASK_CHANGE, Act.TAKE_BACK, Act.PUBLISH},
    State.PUBLISHED: {Act.RETIRE},
    State.RETIRED: set(),
}
# How an edition begins.
FIRST = {Act.DRAFT, Act.LOAD}
# The named reviewers do these; the national education lead does everything else.
OF_REVIEWERS = {Act.COMMENT, Act.AGREE, Act.ASK_CHANGE}
# What a reviewer's newest act of these kinds says is their answer.
ANSWERS = {Act.AGREE, Act.ASK_CHANGE}
