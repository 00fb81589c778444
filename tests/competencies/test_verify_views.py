"""The pages of somebody who was asked to confirm practice."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from competencies.actions import withdraw_practice
from competencies.models import Practice
from competencies.queries import current_levels
from workforce.models import User

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
    assert len(queries) == 7


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
