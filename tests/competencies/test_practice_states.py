"""Every pair of states of a piece of practice: what leads from one to the other, and that nothing else does."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from competencies.actions import (
    answer_verifier,
    ask_question,
    decline,
    erase_words,
    move_practice,
    pass_on,
    verify,
    withdraw_practice,
)
from competencies.models import Practice, VerificationAct
from competencies.permissions import can_move
from competencies.practice_states import MAY_FOLLOW, OF_THE_OWNER, STATE_AFTER, State, state_after
from competencies.queries import exchange, latest_act, waiting_for
from learning.actions import void_statement
from learning.models import Statement
from workforce.actions import appoint_founding_verifier
from workforce.models import Grant, Organisation, User
from workforce.models.ranges import during

from .conftest import noon
from .test_evidence import TODAY, founder, people, put_forward, team

__all__ = ["founder", "people", "team"]

Act = VerificationAct.Act
LATER = TODAY + timedelta(days=14)
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0022-where-practice-can-stand.md"


@pytest.fixture
def second(people: dict[str, User], trust: Organisation) -> User:
    """Somebody else who may confirm."""
    appoint_founding_verifier(
        user=people["stranger"], organisation=trust, start=date(2026, 1, 1), reason="Board, 1 January 2026"
    )
    return people["stranger"]


def perform(act: Act, practice: Practice, by: User, to: User) -> object:
    at = noon(LATER)
    ways: dict[str, Callable[[], object]] = {
        Act.WITHDRAW: lambda: withdraw_practice(practice=practice, by=by, at=at),
        Act.VERIFY: lambda: verify(practice=practice, by=by, at=at),
        Act.DECLINE: lambda: decline(practice=practice, by=by, reason="Say what changed.", at=at),
        Act.MOVE: lambda: move_practice(practice=practice, by=by, to=to, at=at),
        Act.ASK: lambda: ask_question(practice=practice, by=by, question="Who was there?", at=at),
        Act.ANSWER: lambda: answer_verifier(practice=practice, by=by, answer="The team.", at=at),
        Act.PASS_ON: lambda: pass_on(practice=practice, by=by, to=to, at=at),
    }
    return ways[act]()


Do = Callable[[Act], object]


@pytest.fixture
def do(people: dict[str, User], founder: User, second: User) -> Do:
    """Let something happen to the one piece of practice, by whose turn it would be, 14 days later."""

    def do(act: Act) -> object:
        if act == Act.REQUEST:
            return put_forward(people, on=LATER)
        practice = Practice.objects.get()
        asked = latest_act(practice).verifier
        by = people["learner"] if act in OF_THE_OWNER else asked
        return perform(act, practice, by, second if asked == founder else founder)

    return do


WAYS_TO = {
    State.WAITING: [],
    State.ASKED: [Act.ASK],
    State.WITHDRAWN: [Act.WITHDRAW],
    State.NOT_YET: [Act.DECLINE],
    State.CONFIRMED: [Act.VERIFY],
}


def standing(practice: Practice) -> VerificationAct:
    return latest_act(Practice.objects.get(pk=practice.pk))


@pytest.mark.parametrize(("start", "act"), list(product(WAYS_TO, Act)))
def test_from_every_state_only_what_the_table_says_can_follow(
    start: State, act: Act, people: dict[str, User], do: Do, founder: User
) -> None:
    practice = put_forward(people)
    for before in WAYS_TO[start]:
        do(before)
    if (start, act) == (State.ASKED, Act.MOVE):
        Grant.objects.filter(user=founder).delete()
    number = practice.acts.count()
    if act in MAY_FOLLOW[start]:
        do(act)
        assert (practice.acts.count(), state_after(standing(practice))) == (number + 1, STATE_AFTER[act])
    else:
        with pytest.raises(ValidationError):
            do(act)
        assert (practice.acts.count(), state_after(standing(practice))) == (number, start)


def test_a_draft_can_only_be_put_forward(people: dict[str, User], founder: User) -> None:
    assert (state_after(None), MAY_FOLLOW[State.DRAFT]) == (State.DRAFT, {Act.REQUEST})
    assert state_after(standing(put_forward(people))) == State.WAITING


def test_no_state_but_confirmed_is_an_end_and_the_owner_always_has_a_way_on() -> None:
    assert {state for state in State if not MAY_FOLLOW[state] & OF_THE_OWNER} == {State.CONFIRMED}


def test_the_decision_shows_the_table_of_the_code() -> None:
    lines = [line.strip("| \n").split(" | ") for line in DECISION.read_text().splitlines() if line[:1] == "|"]
    written = sorted(map(tuple, lines[2:]))
    assert written == sorted(
        (str(state), str(act), "owner" if act in OF_THE_OWNER else "verifier", str(STATE_AFTER[act]))
        for state, acts in MAY_FOLLOW.items()
        for act in acts
    )


@pytest.mark.parametrize("act", sorted(set(Act) - {Act.REQUEST}))
def test_nobody_acts_in_the_place_of_another(
    act: Act, people: dict[str, User], founder: User, second: User
) -> None:
    """Somebody else who may confirm tries everything; the two people try what is for the other."""
    practice = put_forward(people)
    if act == Act.ANSWER:
        ask_question(practice=practice, by=founder, question="Who was there?", at=noon(TODAY))
    number = practice.acts.count()
    for by in (second, founder if act in OF_THE_OWNER else people["learner"]):
        with pytest.raises(ValidationError, match="This is not with you"):
            perform(act, practice, by, second)
    assert practice.acts.count() == number


def test_it_can_be_moved_after_14_days_of_silence(
    people: dict[str, User], founder: User, second: User
) -> None:
    practice, owner = put_forward(people), people["learner"]
    early, late = noon(LATER) - timedelta(seconds=1), noon(LATER)
    with pytest.raises(ValidationError, match="You cannot move this yet"):
        move_practice(practice=practice, by=owner, to=second, at=early)
    statements = Statement.objects.count()
    act = move_practice(practice=practice, by=owner, to=second, at=late)
    assert (act.verifier, act.by, act.at) == (second, owner, late)
    assert Statement.objects.count() == statements
    assert [act.practice for act in waiting_for(second)] == [practice]
    assert not waiting_for(founder).exists()
    assert not can_move(act, late), "silence begins anew"


def test_it_can_be_moved_at_once_when_the_person_asked_may_no_longer_confirm_it(
    people: dict[str, User], founder: User, second: User
) -> None:
    practice = put_forward(people)
    Grant.objects.filter(user=founder).delete()
    act = move_practice(practice=practice, by=people["learner"], to=second, at=noon(TODAY))
    assert act.verifier == second
    assert verify(practice=practice, by=second, at=noon(TODAY)).statement.verb.endswith("verified")


@pytest.mark.parametrize("to", ["the owner", "the same person", "a speak-up guardian"])
def test_it_goes_only_to_somebody_else_who_may_confirm_it(
    to: str, people: dict[str, User], founder: User, second: User, trust: Organisation
) -> None:
    practice = put_forward(people)
    Grant.objects.create(
        user=second,
        organisation=trust,
        role=Grant.Role.SPEAK_UP_GUARDIAN,
        during=during(date(2026, 1, 1)),
    )
    person = {"the owner": people["learner"], "the same person": founder, "a speak-up guardian": second}[to]
    with pytest.raises(ValidationError, match="Choose someone from the list"):
        pass_on(practice=practice, by=founder, to=person, at=noon(LATER))
    with pytest.raises(ValidationError, match="Choose someone from the list"):
        move_practice(practice=practice, by=people["learner"], to=person, at=noon(LATER))
    assert practice.acts.count() == 1


def test_a_question_and_its_answer_are_for_the_two_and_go_with_the_words(
    people: dict[str, User], founder: User, second: User
) -> None:
    practice, owner = put_forward(people), people["learner"]
    statements = Statement.objects.count()
    ask_question(practice=practice, by=founder, question="Who was there?", at=noon(TODAY))
    answer_verifier(practice=practice, by=owner, answer="The night staff.", at=noon(TODAY))
    pass_on(practice=practice, by=founder, to=second, reason="You know nights.", at=noon(TODAY))
    words = ["Who was there?", "The night staff.", "You know nights."]
    assert [act.reason for act in exchange(practice, owner)] == words
    assert [act.reason for act in exchange(practice, second)] == words[2:]
    assert Statement.objects.count() == statements
    verify(practice=practice, by=second, at=noon(TODAY))
    erase_words(practice=practice, by=owner)
    assert {act.reason for act in practice.acts.all()} == {""}


def test_words_cannot_be_deleted_while_a_question_is_open(people: dict[str, User], founder: User) -> None:
    practice = put_forward(people)
    ask_question(practice=practice, by=founder, question="Who was there?", at=noon(TODAY))
    with pytest.raises(ValidationError, match="Take this back first"):
        erase_words(practice=practice, by=people["learner"])
    assert practice.acts.get(act=Act.ASK).reason == "Who was there?"


def test_a_voided_confirmation_leaves_it_with_the_last_person_asked(
    people: dict[str, User], founder: User, second: User
) -> None:
    practice = put_forward(people)
    pass_on(practice=practice, by=founder, to=second, at=noon(TODAY))
    act = verify(practice=practice, by=second, at=noon(TODAY))
    void_statement(statement_id=act.statement_id, by=second, reason="Wrong person.")
    assert (standing(practice).act, standing(practice).verifier) == (Act.PASS_ON, second)


def test_the_database_refuses_to_pass_on_to_oneself(people: dict[str, User], founder: User) -> None:
    practice = put_forward(people)
    with pytest.raises(IntegrityError, match="verifier_decides_owner_asks"), transaction.atomic():
        practice.acts.filter(number=1).update(act=Act.PASS_ON, by=founder)
