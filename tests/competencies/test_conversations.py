"""The yearly practice conversation: one visit, and for each thing in it an answer of its own."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.actions import ClaimAnswer, decline, withdraw_practice
from competencies.conversations.accounts import account_of_conversation, account_of_period, as_pdf
from competencies.conversations.actions import (
    call_off,
    decide_item,
    end_conversation,
    move_day,
    plan_conversation,
    write_account,
)
from competencies.conversations.queries import covered
from competencies.conversations.states import MAY_FOLLOW, OF_THE_PERSON, STATE_AFTER, Step
from competencies.models import ConversationItem, Evidence, Practice, PracticeConversation
from competencies.queries import current_levels
from workforce.models import User

from .conftest import noon
from .test_evidence import TODAY, founder, module_rules, passed, people, put_forward, team
from .test_practice_states import second

__all__ = ["founder", "people", "second", "team"]

State = PracticeConversation.State
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0024-files-and-practice-conversations.md"


def plan(people: dict[str, User], *practices: Practice, **changes: object) -> PracticeConversation:
    given = {
        "person": people["learner"],
        "confirmer": people["colleague"],
        "on": TODAY,
        "practices": practices,
        "at": noon(TODAY),
    }
    return plan_conversation(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
def practice(people: dict[str, User], founder: User) -> Practice:
    return put_forward(people)


@pytest.fixture
def conversation(people: dict[str, User], practice: Practice) -> PracticeConversation:
    return plan(people, practice, capabilities=["SS-1"])


def item_of(conversation: PracticeConversation, *, practice: bool = True) -> ConversationItem:
    return conversation.items.get(practice__isnull=not practice)


def take(step: Step, conversation: PracticeConversation, by: User) -> object:
    at = noon(TODAY)
    ways: dict[Step, Callable[[], object]] = {
        Step.MOVE_DAY: lambda: move_day(conversation=conversation, by=by, on=TODAY, at=at),
        Step.CALL_OFF: lambda: call_off(conversation=conversation, by=by, at=at),
        Step.DECIDE: lambda: decide_item(item=conversation.items.all()[0], by=by, outcome="talked", at=at),
        Step.END: lambda: end_conversation(conversation=conversation, by=by, at=at),
    }
    return ways[step]()


@pytest.mark.parametrize(("start", "step"), list(product(State, Step)))
def test_from_every_state_only_what_the_table_says_can_follow(
    start: State, step: Step, people: dict[str, User], conversation: PracticeConversation
) -> None:
    conversation.items.update(outcome="talked")
    ended_at = None if start == State.PLANNED else noon(TODAY)
    PracticeConversation.objects.update(state=start, ended_at=ended_at)
    by = people["learner" if step in OF_THE_PERSON else "colleague"]
    if step in MAY_FOLLOW[start]:
        take(step, conversation, by)
        expected = STATE_AFTER[step]
    else:
        with pytest.raises(ValidationError, match="This conversation has ended"):
            take(step, conversation, by)
        expected = start
    assert PracticeConversation.objects.get().state == expected


@pytest.mark.parametrize("step", list(Step))
def test_neither_acts_in_the_place_of_the_other(
    step: Step, people: dict[str, User], conversation: PracticeConversation
) -> None:
    with pytest.raises(ValidationError, match="for the other person"):
        take(step, conversation, people["colleague" if step in OF_THE_PERSON else "learner"])
    assert PracticeConversation.objects.get().state == State.PLANNED


def test_the_decision_shows_the_table_of_the_code() -> None:
    lines = [line.strip("| \n").split(" | ") for line in DECISION.read_text().splitlines() if line[:1] == "|"]
    assert sorted(map(tuple, lines[2:])) == sorted(
        (state.label, str(step), "person" if step in OF_THE_PERSON else "confirmer", STATE_AFTER[step].label)
        for state, steps in MAY_FOLLOW.items()
        for step in steps
    )


def test_each_answer_is_an_act_of_its_own_and_level_3_renews_1_and_2(
    people: dict[str, User], founder: User, practice: Practice
) -> None:
    module_rules()
    passed(people["learner"], TODAY - timedelta(days=400))
    other = put_forward(people, registration=uuid4(), title="Another")
    conversation = plan(people, practice, other)
    first, second = conversation.items.all()
    decide_item(item=first, by=founder, outcome="confirmed", at=noon(TODAY))
    decide_item(item=second, by=founder, outcome="not_yet", reason="Say what changed.", at=noon(TODAY))
    end_conversation(conversation=conversation, by=founder, at=noon(TODAY))
    assert [practice.acts.get(number=2).act, other.acts.get(number=2).act] == ["verify", "decline"]
    assert [item.act.practice for item in conversation.items.all() if item.act] == [practice, other]
    assert current_levels(people["learner"], TODAY) == {"PP-2": 3}
    renewed = Evidence.objects.filter(statement=practice.acts.get(number=2).statement, achieved=TODAY)
    assert sorted(renewed.values_list("level", flat=True)) == [1, 2, 3]


def test_talked_about_only_leaves_practice_waiting_and_can_still_be_confirmed(
    founder: User, practice: Practice, conversation: PracticeConversation
) -> None:
    item = item_of(conversation)
    decide_item(item=item, by=founder, outcome="talked")
    assert practice.acts.count() == 1
    decide_item(item=item, by=founder, outcome="confirmed")
    assert practice.acts.count() == 2
    with pytest.raises(ValidationError, match="answered this already"):
        decide_item(item=item, by=founder, outcome="talked")


def test_a_capability_without_practice_can_only_be_talked_about(
    founder: User, conversation: PracticeConversation
) -> None:
    item = item_of(conversation, practice=False)
    with pytest.raises(ValidationError, match="only be talked about"):
        decide_item(item=item, by=founder, outcome="confirmed")
    assert decide_item(item=item, by=founder, outcome="talked").outcome == "talked"


def test_it_does_not_end_before_everything_has_an_answer_but_for_what_was_taken_back(
    people: dict[str, User], founder: User, practice: Practice, conversation: PracticeConversation
) -> None:
    decide_item(item=item_of(conversation, practice=False), by=founder, outcome="talked")
    with pytest.raises(ValidationError, match="Say for each what came of it"):
        end_conversation(conversation=conversation, by=founder)
    withdraw_practice(practice=practice, by=people["learner"])
    assert end_conversation(conversation=conversation, by=founder).state == State.HELD
    assert covered(conversation)[0].standing == "Taken back"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on": TODAY - timedelta(days=1)}, "Choose today or a day to come"),
        ({"practices": []}, "at least one piece of practice"),
        ({"confirmer": "learner"}, "cannot confirm all of this"),
        ({"confirmer": "stranger"}, "is not with stranger"),
    ],
)
def test_what_cannot_be_planned_says_why(
    changes: dict[str, object], words: str, people: dict[str, User], practice: Practice, second: User
) -> None:
    if "confirmer" in changes:
        changes = {"confirmer": people[str(changes["confirmer"])]}
    with pytest.raises(ValidationError, match=words):
        plan(people, practice, **changes)
    assert not PracticeConversation.objects.exists()


def test_two_people_have_one_planned_at_a_time(
    people: dict[str, User], practice: Practice, conversation: PracticeConversation
) -> None:
    with pytest.raises(ValidationError, match="one planned with colleague already"):
        plan(people, practice)
    call_off(conversation=conversation, by=people["learner"])
    assert plan(people, practice).state == State.PLANNED


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("person=confirmer", "no_practice_conversation_with_oneself"),
        ("pair", "one_planned_conversation_of_two_people"),
        ("held without a time", "conversation_ended_has_a_time"),
        ("twice the practice", "practice_once_a_conversation"),
        ("neither", "item_is_practice_or_a_capability"),
        ("decided without an act", "item_decided_by_an_act_of_its_own"),
    ],
)
def test_the_database_holds_it(
    change: str, rule: str, people: dict[str, User], practice: Practice, conversation: PracticeConversation
) -> None:
    all_of_them, items = PracticeConversation.objects.all(), conversation.items
    ways: dict[str, Callable[[], object]] = {
        "person=confirmer": lambda: all_of_them.update(confirmer=people["learner"]),
        "pair": lambda: all_of_them.create(
            person=people["learner"], confirmer=people["colleague"], day=TODAY
        ),
        "held without a time": lambda: all_of_them.update(state="held"),
        "twice the practice": lambda: items.create(practice=practice),
        "neither": lambda: items.create(),
        "decided without an act": lambda: items.filter(practice=practice).update(outcome="confirmed"),
    }
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        ways[change]()


def test_the_confirmer_answers_all_of_it_on_one_page(
    client: Client, people: dict[str, User], founder: User, practice: Practice
) -> None:
    other = put_forward(people, registration=uuid4(), title="Another")
    conversation = plan(people, practice, other, on=timezone.localdate(), at=None, capabilities=["SS-1"])
    write_account(
        conversation=conversation,
        by=people["learner"],
        learned="Mine alone.",
        changed="",
        relevance="",
        words={item_of(conversation, practice=False).pk: "How we see the whole."},
    )
    address = f"/practice-conversations/{conversation.uuid}/"
    client.force_login(founder)
    assert address in client.get("/verify/").content.decode()
    page = client.get(address).content.decode()
    assert page.count("A quiet word about the noise at night.") == 2
    assert "How we see the whole." in page
    assert "Mine alone." not in page
    one, two, three = (f"item-{item.pk}" for item in conversation.items.all())
    sent = {f"{one}-outcome": "confirmed", f"{two}-outcome": "not_yet", f"{three}-outcome": "talked"}
    answer = client.post(address, {**sent, "go": "end"})
    assert (answer.status_code, "Say what would make it a yes" in answer.content.decode()) == (422, True)
    assert practice.acts.filter(act="verify").count() == 1, "one that is wrong does not hold up the others"
    client.post(address, {f"{two}-outcome": "not_yet", f"{two}-reason": "Say more.", "go": "end"})
    conversation.refresh_from_db()
    assert conversation.state == State.HELD
    assert other.acts.get(number=2).reason == "Say more."
    assert "This conversation has ended" in client.get(address).content.decode()


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_page_takes_as_many_queries_for_one_piece_as_for_three(
    client: Client, people: dict[str, User], founder: User, pieces: int
) -> None:
    practices = [put_forward(people, registration=uuid4(), title=f"Piece {n}") for n in range(pieces)]
    conversation = plan(people, *practices)
    client.force_login(founder)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/practice-conversations/{conversation.uuid}/").content.decode()
    assert page.count("Hearing patients and carers, level 3") == pieces
    assert len(queries) == 12


def test_the_person_writes_moves_the_day_and_calls_it_off(
    client: Client, people: dict[str, User], practice: Practice
) -> None:
    conversation = plan(people, practice, on=timezone.localdate(), at=None)
    address, later = f"/practice-conversations/{conversation.uuid}/", timezone.localdate() + timedelta(days=9)
    client.force_login(people["learner"])
    client.post(address, {"go": "write", "learned": "To ask first.", "changed": "", "relevance": ""})
    assert "To ask first." in client.get(address).content.decode()
    early = client.post(address, {"go": "day", "day": "2020-01-01"})
    assert (early.status_code, "Choose today or a day to come" in early.content.decode()) == (422, True)
    client.post(address, {"go": "day", "day": later.isoformat()})
    client.post(address, {"go": "call_off"})
    conversation.refresh_from_db()
    assert (conversation.day, conversation.state) == (later, State.CALLED_OFF)
    client.force_login(people["colleague"])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["", "account/", "account.pdf"])
def test_nobody_else_opens_it_and_the_account_is_the_persons_own(
    page: str, client: Client, people: dict[str, User], founder: User, conversation: PracticeConversation
) -> None:
    address = f"/practice-conversations/{conversation.uuid}/{page}"
    found = {}
    for who in ("learner", "colleague", "stranger"):
        client.force_login(people[who])
        found[who] = client.get(address).status_code
    assert found == {"learner": 200, "colleague": 404 if page else 200, "stranger": 404}


def test_a_reflective_account_has_the_persons_words_and_nobody_elses(
    people: dict[str, User], founder: User, practice: Practice, conversation: PracticeConversation
) -> None:
    owner = people["learner"]
    write_account(
        conversation=conversation, by=owner, learned="To #ask.\n\nFirst.", changed="", relevance="", words={}
    )
    decline(practice=practice, by=founder, reason="The confirmer's words.", at=noon(TODAY))
    conversation.refresh_from_db()
    found = account_of_conversation(conversation, noon(TODAY))
    assert found.about == "Practice conversation with colleague, planned for 1 June 2026"
    assert found.entries[0].told[0].paragraphs == ["A quiet word about the noise at night."]
    assert [told.paragraphs for told in found.answers] == [["To #ask.", "First."], [], []]
    assert "The confirmer's words." not in str(found)
    assert as_pdf(found, noon(TODAY)).startswith(b"%PDF")


def test_an_account_of_a_time_holds_what_was_put_forward_in_it(
    client: Client, people: dict[str, User], founder: User
) -> None:
    put_forward(people, on=TODAY - timedelta(days=100), title="Long ago")
    put_forward(people, registration=uuid4(), title="Now", answers=[ClaimAnswer("PP-2", 3, "What?", "This.")])
    found = account_of_period(people["learner"], TODAY - timedelta(days=50), TODAY, noon(TODAY))
    assert [(entry.title, entry.came_of_it) for entry in found.entries] == [("Now", "Waiting for colleague")]
    client.force_login(people["learner"])
    page = client.get("/my-practice/account/", {"start": "2026-06-01", "end": "2026-06-01"})
    assert ("This." in page.content.decode(), "Long ago" in page.content.decode()) == (True, False)
    wrong = client.get("/my-practice/account/", {"start": "2026-06-02", "end": "2026-06-01"})
    assert (wrong.status_code, "not before the first" in wrong.content.decode()) == (422, True)
    client.force_login(founder)
    assert "This." not in client.get("/my-practice/account/").content.decode()


def test_whoever_is_to_hold_a_conversation_without_practice_finds_it(
    client: Client, people: dict[str, User], founder: User
) -> None:
    """No message is sent, so the menu and the list are the only ways to it."""
    planned = plan(people, capabilities=["SS-1"])
    client.force_login(people["colleague"])
    assert 'href="/verify/"' in client.get("/contact/").content.decode()
    page = client.get("/verify/").content.decode()
    assert f"/practice-conversations/{planned.uuid}/" in page
    assert "Nothing waits for you" not in page
    assert "in the list below" not in page
