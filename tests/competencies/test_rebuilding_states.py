"""28,000 random acts over the four tables of states, and a plain replay of each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from competencies.history.replaying import panel_after, place_after, practice_after
from competencies.plans import states as plan_states
from competencies.portfolio import states as panel_states
from competencies.practice_states import MAY_FOLLOW, State
from curriculum import prior_learning_states as prior_states
from curriculum.models import PriorLearningAct
from learning.models import Statement

from .replay import FIRST

SEED, WALKS, LONGEST_WALK = 20260602, 2_500, 12
BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)


def test_where_things_stand_after_28_000_random_acts_is_what_a_plain_replay_says() -> None:
    random, acts = Random(SEED), 0
    for _ in range(WALKS):
        acts += _check_practice(_practice(random))
        acts += _check_panel(_panel(random))
        acts += _check_place(_place(random))
        acts += _check_prior(random, _prior(random))
    assert acts >= 28_000


def _walk(random: Random, nexts: dict, start: object) -> Iterator[str]:
    state = start
    for _ in range(random.randrange(1, LONGEST_WALK)):
        if not nexts[state]:
            return
        act = random.choice(sorted(nexts[state]))
        yield act
        state = nexts[state][act]


def _practice(random: Random) -> list[str]:
    return list(_walk(random, PRACTICE, "Draft"))


PRACTICE = {
    "Draft": {"request": "Waiting"},
    "Waiting": {
        "move": "Waiting",
        "withdraw": "Withdrawn",
        "ask": "Question asked",
        "pass_on": "Waiting",
        "verify": "Confirmed",
        "decline": "Not yet",
    },
    "Question asked": {
        "answer": "Waiting",
        "move": "Waiting",
        "withdraw": "Withdrawn",
        "pass_on": "Waiting",
        "verify": "Confirmed",
        "decline": "Not yet",
    },
    "Withdrawn": {"request": "Waiting"},
    "Not yet": {"request": "Waiting"},
    "Confirmed": {},
}


def _check_practice(acts: list[str]) -> int:
    state = "Draft"
    for act in acts:
        assert act in MAY_FOLLOW[State(state)]
        state = PRACTICE[state][act]
    assert practice_after((act, True) for act in acts) == state
    # A confirmation that is voided leaves what was there before it.
    if acts[-1] == "verify":
        before = "Draft"
        for act in acts[:-1]:
            before = PRACTICE[before][act]
        assert practice_after([*((act, True) for act in acts[:-1]), ("verify", False)]) == before
    return len(acts)


def _panel(random: Random) -> list[str]:
    nexts = {s: dict(panel_states.NEXT[s]) for s in panel_states.State}
    return list(_walk(random, nexts, panel_states.State.GATHERING))


def _check_panel(acts: list[str]) -> int:
    states: list[str] = []
    answers: list[str] = []
    with_panel, state = False, "gathering"
    for act in acts:
        if act == "put_forward":
            answers, with_panel, state = [], True, "waiting"
        elif act in ("agree", "not_yet"):
            answers.append(act)
            if len(answers) == 1:
                state = "one_yes" if act == "agree" else "one_not_yet"
            else:
                state = "conferred" if answers == ["agree", "agree"] else "not_yet"
                with_panel = False
        elif act == "withdraw":
            state, with_panel = "withdrawn", False
        elif act == "revoke":
            state, with_panel = "revoked", False
        else:
            assert with_panel
        states.append(state)
    assert panel_after(acts) == states
    return len(acts)


def _place(random: Random) -> list[tuple[str, date]]:
    nexts = {s: dict(plan_states.MAY_FOLLOW[s]) for s in plan_states.State}
    on, found = FIRST, []
    for act in _walk(random, nexts, plan_states.State.NOWHERE):
        found.append((act, on))
        on += timedelta(days=random.randrange(-3, 40))
    return found


def _check_place(acts: list[tuple[str, date]]) -> int:
    row: dict[str, object] = {}
    for number, (act, on) in enumerate(acts, start=1):
        if act == "plan":
            row = {"since": on, "met_on": None, "ended_on": None}
        elif act == "meet":
            row["met_on"] = on
        elif act == "reopen":
            row["met_on"] = None
        else:
            days = [on, row["since"]] + ([row["met_on"]] if row["met_on"] else [])
            row["ended_on"] = sorted(days)[-1]  # type: ignore[type-var]
        row["newest_act"] = number
    assert vars(place_after(acts)) == row
    return len(acts)


def _prior(random: Random) -> list[str]:
    nexts = {
        s: {a: prior_states.STATE_AFTER[a] for a in prior_states.MAY_FOLLOW[s]} for s in prior_states.State
    }
    return list(_walk(random, nexts, prior_states.State.NEW))


def _check_prior(random: Random, acts: list[str]) -> int:
    plain = {
        "ask": "Waiting for a decision",
        "withdraw": "Taken back",
        "accept": "Accepted",
        "not_yet": "Not yet",
        "undo": "Accepted by mistake",
    }
    newest = PriorLearningAct(act=acts[-1])
    assert prior_states.state_after(newest) == plain[acts[-1]]
    if acts[-1] == "accept" and random.random() < 0.5:
        newest.statement = Statement(voided_at=BEGAN)
        assert prior_states.state_after(newest) == "Accepted by mistake"
    return len(acts)
