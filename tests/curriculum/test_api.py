"""What a program reads of what its person holds and lacks, and how practice is put forward through it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.api.actions import make_token
from competencies.models import Practice
from curriculum.actions import save_draft
from curriculum.keys import key_of
from curriculum.models import Attempt, Step
from workforce.models import Grant, Team, User

from .conftest import START
from .expected import adopt, hold

TODAY = timezone.localdate()
OPEN = "/api/v1/me/practice-to-put-forward"


@pytest.fixture
def asked(curriculum: None, ward: Team) -> None:
    adopt(ward.organisation, START)


def program(user: User) -> Client:
    _, secret = make_token(user=user, name="A program", may="verify", days=1)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_it_says_what_is_held_what_is_asked_and_what_closes_a_gap(asked: None, learner: User) -> None:
    hold(learner, "SS-2", 1, date(2024, 3, 1), TODAY + timedelta(days=100))

    answer = program(learner).get("/api/v1/me/capabilities").json()

    assert answer["held"] == [
        {
            "capability": {"iri": "https://example.org/SS-2", "code": "SS-2", "name": "Human factors"},
            "level": 1,
            "since": "2024-03-01",
            "until": (TODAY + timedelta(days=100)).isoformat(),
            "evidence": [],
        }
    ]
    gap, met = answer["expected"]
    assert (gap["capability"]["code"], gap["level"], gap["held"], gap["met"]) == ("SS-1", 2, 0, False)
    assert gap["due"] == (START + timedelta(days=90)).isoformat()
    assert [module["key"] for module in gap["closed_by"]] == ["TS-1"]
    assert (met["capability"]["code"], met["met"], met["due"]) == ("SS-2", True, None)


def test_patient_representatives_are_not_pressed(asked: None, person: Callable[..., User]) -> None:
    expected = program(person("Petra Partner", "patients")).get("/api/v1/me/capabilities").json()["expected"]
    assert [(each["met"], each["due"]) for each in expected] == [(False, None)]


def test_it_takes_as_many_queries_for_one_thing_held_as_for_three(
    asked: None, person: Callable[..., User]
) -> None:
    counts = set()
    for name, codes in (("Ann One", ["SS-1"]), ("Ben Three", ["SS-1", "SS-2", "IM-3"])):
        user = person(name)
        for code in codes:
            hold(user, code, 1, START)
        client = program(user)
        client.get("/api/v1/me/capabilities")  # where the site is, is asked once
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/api/v1/me/capabilities").json()["held"]) == len(codes)
        counts.add(len(queries))
    assert counts == {12}


def test_practice_is_put_forward_to_one_of_those_who_may_confirm_it(
    asked: None, attempt: Attempt, learner: User, verifier: User
) -> None:
    client = program(learner)
    listed = client.get(OPEN).json()["items"]
    assert [each["activity"] for each in listed] == [str(key_of("TS-1.a4")), str(key_of("TS-1.a5"))]
    assert listed[0]["prompts"][0]["prompt"] == "What did you see?"
    here = f"{OPEN}/{attempt.registration}/{listed[0]['activity']}"
    assert client.get(f"{here}/verifiers").json()["items"] == [
        {"id": str(verifier.uuid), "name": "Vera Verifier"}
    ]

    sent = send(client, here, verifier.uuid)

    assert sent.status_code == 201
    assert (sent.json()["state"], sent.json()["claims"][0]["text"]) == ("waiting", "I saw it.")
    assert attempt.steps.get(activity_key=key_of("TS-1.a4")).state == Step.State.SENT
    assert len(client.get(OPEN).json()["items"]) == 1
    assert (send(client, here, verifier.uuid).status_code, Practice.objects.count()) == (409, 1)
    client.post(f"/api/v1/me/practice/{sent.json()['id']}/withdraw")
    assert attempt.steps.get(activity_key=key_of("TS-1.a4")).state == Step.State.STARTED
    assert send(client, here, verifier.uuid).status_code == 201


def send(client: Client, here: str, verifier: UUID, text: str = "I saw it.") -> Any:
    body = {"verifier": str(verifier), "answers": [{"capability": "SS-1", "text": text}]}
    return client.post(here, body, content_type="application/json")


def test_nobody_else_is_asked_and_an_empty_answer_is_not_sent(
    attempt: Attempt, learner: User, verifier: User, outsider: User
) -> None:
    client, here = program(learner), f"{OPEN}/{attempt.registration}/{key_of('TS-1.a4')}"
    assert send(client, here, outsider.uuid).status_code == 404
    empty = send(client, here, verifier.uuid, " ")
    assert (empty.status_code, "Write an answer" in empty.json()["detail"]) == (409, True)
    assert not Practice.objects.exists()
    assert send(program(outsider), here, verifier.uuid).status_code == 404


def test_somebody_whom_it_is_about_cannot_be_asked_by_a_program_either(
    attempt: Attempt, learner: User, verifier: User, person: Callable[..., User]
) -> None:
    log = key_of("TS-1.a4")
    other = person("Otis Other")
    grant = Grant.objects.get(user=verifier)
    Grant.objects.create(
        user=other, role=grant.role, organisation=grant.organisation, during=grant.during, reason="A test"
    )
    save_draft(attempt=attempt, activity_key=log, answers={"SS-1": "I saw it"}, about=other)
    address = f"{OPEN}/{attempt.registration}/{log}"
    offered = program(learner).get(f"{address}/verifiers").json()["items"]
    assert [each["name"] for each in offered] == ["Vera Verifier"]
    client = program(learner)
    sent = [send(client, address, to.uuid).status_code for to in (other, verifier)]
    assert sent == [404, 201]
    assert Practice.objects.get().about == other
