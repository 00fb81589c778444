"""The pages of somebody who was asked to confirm practice."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.actions import answer_verifier, withdraw_practice
from competencies.models import Practice
from competencies.queries import current_levels
from workforce.actions import appoint_founding_verifier
from workforce.models import Organisation, User

from .test_evidence import TODAY, founder, module_rules, passed, people, put_forward, team

__all__ = ["founder", "people", "team"]


@pytest.fixture
def practice(people: dict[str, User], founder: User) -> Practice:
    return put_forward(people)


def address(practice: Practice) -> str:
    return f"/verify/{practice.uuid}/"


def test_the_person_asked_reads_and_confirms(
    client: Client, practice: Practice, people: dict[str, User], founder: User
) -> None:
    module_rules()
    passed(people["learner"], TODAY)
    client.force_login(founder)
    assert b"What mattered today" in client.get("/verify/").content
    assert b"A quiet word about the noise at night." in client.get(address(practice)).content
    answer = client.post(address(practice), {"decision": "confirm"}, follow=True)
    assert "You confirmed “What mattered today” by learner." in answer.content.decode()
    assert current_levels(people["learner"], TODAY) == {"PP-2": 2}
    assert "You confirmed this on" in client.get(address(practice)).content.decode()


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_list_takes_as_many_queries_for_one_piece_as_for_three(
    client: Client, people: dict[str, User], founder: User, pieces: int
) -> None:
    for number in range(pieces):
        put_forward(people, registration=uuid4(), title=f"Piece {number}")
    client.force_login(founder)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/verify/").content.decode()
    assert page.count("Hearing patients and carers, level 3") == pieces
    assert len(queries) == 12


def test_not_yet_needs_words(client: Client, practice: Practice, founder: User) -> None:
    client.force_login(founder)
    answer = client.post(address(practice), {"decision": "not_yet", "reason": "  "})
    assert answer.status_code == 422
    assert "Say what would make it a yes" in answer.content.decode()
    assert practice.acts.count() == 1
    client.post(address(practice), {"decision": "not_yet", "reason": "Say what you changed."})
    assert practice.acts.get(number=2).reason == "Say what you changed."


def test_an_answer_after_it_was_taken_back_says_so(
    client: Client, practice: Practice, people: dict[str, User], founder: User
) -> None:
    withdraw_practice(practice=practice, by=people["learner"])
    client.force_login(founder)
    answer = client.post(address(practice), {"decision": "confirm"})
    assert "took this back" in answer.content.decode()
    assert practice.acts.count() == 2


@pytest.mark.parametrize("who", ["learner", "stranger"])
def test_nobody_else_reads_it(client: Client, practice: Practice, people: dict[str, User], who: str) -> None:
    client.force_login(people[who])
    assert client.get(address(practice)).status_code == 404
    assert client.post(address(practice), {"decision": "confirm"}).status_code == 404
    assert practice.acts.count() == 1


def test_an_unknown_practice_is_not_found(client: Client, founder: User) -> None:
    client.force_login(founder)
    assert client.get(f"/verify/{UUID(int=5)}/").status_code == 404


@pytest.fixture
def second(people: dict[str, User], trust: Organisation) -> User:
    """Somebody else who may confirm."""
    appoint_founding_verifier(
        user=people["stranger"], organisation=trust, start=date(2026, 1, 1), reason="Board, 1 January 2026"
    )
    return people["stranger"]


def test_the_list_says_how_long_each_has_waited(
    client: Client, people: dict[str, User], founder: User
) -> None:
    for days in (0, 1, 9):
        put_forward(people, registration=uuid4(), on=timezone.localdate() - timedelta(days=days))
    client.force_login(founder)
    page = " ".join(client.get("/verify/").content.decode().split())
    places = [page.index(age) for age in ("Asked 9 days ago", "Asked 1 day ago", "Asked today")]
    assert places == sorted(places)


def test_a_question_goes_to_the_owner_and_can_be_left_unanswered(
    client: Client, practice: Practice, people: dict[str, User], founder: User
) -> None:
    client.force_login(founder)
    empty = client.post(address(practice), {"go": "ask", "words": " "})
    assert (empty.status_code, "Write your question" in empty.content.decode()) == (422, True)
    answer = client.post(address(practice), {"go": "ask", "words": "Who was there?"}, follow=True)
    assert "You asked learner a question." in answer.content.decode()
    assert "You asked a question" in client.get("/verify/").content.decode()
    page = client.get(address(practice)).content.decode()
    assert "Who was there?" in page
    assert "What do you want to know?" not in page
    answer_verifier(practice=practice, by=people["learner"], answer="The night staff.")
    assert "The night staff." in client.get(address(practice)).content.decode()
    assert "They answered your question" in client.get("/verify/").content.decode()
    client.post(address(practice), {"go": "decide", "decision": "confirm"})
    assert practice.acts.filter(act="verify").count() == 1


def test_it_is_passed_on_and_gone_for_the_first(
    client: Client, practice: Practice, founder: User, second: User
) -> None:
    client.force_login(founder)
    assert "Choose a person" in client.post(address(practice), {"go": "pass_on", "to": ""}).content.decode()
    answer = client.post(
        address(practice), {"go": "pass_on", "to": second.pk, "note": "You know nights."}, follow=True
    )
    assert "on to stranger. learner can see that." in answer.content.decode()
    assert client.get(address(practice)).status_code == 404
    assert client.post(address(practice), {"decision": "confirm"}).status_code == 404
    client.force_login(second)
    assert "Passed on to you by colleague" in client.get("/verify/").content.decode()
    assert "You know nights." in client.get(address(practice)).content.decode()


def test_with_nobody_else_it_cannot_be_passed_on(client: Client, practice: Practice, founder: User) -> None:
    client.force_login(founder)
    assert "Nobody else can confirm this today." in client.get(address(practice)).content.decode()
    client.post(address(practice), {"go": "pass_on", "to": practice.owner_id})
    assert practice.acts.count() == 1
