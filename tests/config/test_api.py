"""The API as a whole: its description is true, its problems can be read, and its documentation needs nothing else."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from competencies.actions import ask_question
from competencies.api.actions import make_token
from competencies.models import Practice
from config.api import api
from curriculum.actions import start_attempt, submit_practice
from curriculum.keys import key_of
from tests.conftest import LONG_AGO
from tests.curriculum.expected import hold
from tests.test_access import import_curriculum_and_expectations
from workforce.actions import appoint_founding_verifier
from workforce.models import Organisation, User

OPERATIONS = [
    (method, path) for path, operations in api.get_openapi_schema()["paths"].items() for method in operations
]
# What is sent without a token, and what another person's would open, have tests of their own.
OWN_TESTS = {"ignored_auth", "object_level_authorization", "use_after_free", "ensure_resource_availability"}
load_all_checks()
CHECKED: list[Any] = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in OWN_TESTS]
FEW_AND_THE_SAME = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def world(organisation: Organisation, learner: User, colleague: User, lead: User) -> dict[str, str]:
    """The learner holds something, was asked to confirm a piece, has put one forward, and can another.

    Returns what stands in addresses, by name; `mine` is the learner's own piece.
    """
    import_curriculum_and_expectations(organisation)
    hold(learner, "SS-2", 1, LONG_AGO)
    for user in (learner, colleague, lead):
        appoint_founding_verifier(
            user=user, organisation=organisation, start=timezone.localdate(), reason="By the board"
        )
    sent, asked = put_forward(learner, colleague), put_forward(lead, learner)
    ask_question(practice=sent, by=colleague, question="Who was there?")
    return {
        "practice": str(asked.uuid),
        "mine": str(sent.uuid),
        "registration": str(sent.registration),
        "activity": str(key_of("TS-1.a5")),
        "framework": "small",
        "version": "1",
    }


def put_forward(owner: User, verifier: User) -> Practice:
    attempt = start_attempt(user=owner, module_key=key_of("TS-1"))
    return submit_practice(
        attempt=attempt, activity_key=key_of("TS-1.a4"), verifier=verifier, answers={"SS-1": "I saw it."}
    )


def parts_of(path: str, world: dict[str, str]) -> dict[str, str]:
    """What the names in an address stand for, so that it leads to something that is there."""
    found = {name: world[name] for name in re.findall(r"{(\w+)}", path)}
    return found | ({"practice": world["mine"]} if "/me/practice/{" in path else {})


@pytest.fixture
def description(db: None) -> Iterator[Any]:
    """The application as a server runs it, but for the end of a request, which would end the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_it_answers_as_it_is_described(
    description: Any, world: dict[str, str], learner: User, method: str, path: str
) -> None:
    """Schemathesis makes requests from the description, good and bad ones. No answer is kept for the next."""
    _, secret = make_token(user=learner, name="A test", may="verify", days=1)
    operation = description[path][method.upper()]
    good, bad = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    there = operation.as_strategy(generation_mode=good, path_parameters=parts_of(path, world))
    statuses = set()

    @FEW_AND_THE_SAME
    @given(
        case=there | operation.as_strategy(generation_mode=good) | operation.as_strategy(generation_mode=bad)
    )
    def try_out(case: Case) -> None:
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            transaction.set_rollback(True)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKED)

    try_out()
    assert statuses
    assert max(statuses) < 500


def test_without_a_token_every_operation_says_what_to_do(db: None) -> None:
    for method, path in OPERATIONS:
        answer = getattr(Client(), method)(re.sub(r"{\w+}", str(UUID(int=1)), path))
        assert (method, path, answer.status_code) == (method, path, 401)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_that_only_reads_cannot_act(learner: User) -> None:
    _, secret = make_token(user=learner, name="A test", may="read", days=1)
    acting = [path for method, path in OPERATIONS if method == "post"]
    assert len(acting) == 8
    for path in acting:
        address = re.sub(r"{\w+}", str(UUID(int=1)), path)
        answer = Client().post(address, headers={"Authorization": f"Bearer {secret}"})
        assert (path, answer.status_code) == (path, 403)
        assert "may only read" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/api/v1/nowhere", 404), ("get", "/api/v1/me/", 404), ("delete", "/api/v1/me", 405)],
)
def test_every_problem_can_be_read_by_a_program(db: None, method: str, path: str, status: int) -> None:
    answer = getattr(Client(), method)(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], answer.headers.get("Allow")) == (
        status,
        "GET" if status == 405 else None,
    )
    assert "/api/v1/docs" in answer.json()["detail"]


def test_what_is_wrong_in_a_request_is_named(learner: User) -> None:
    client = Client(headers={"Authorization": f"Bearer {token(learner)}"})
    path = f"/api/v1/verification/{UUID(int=1)}/not-yet"
    answer = client.post(path, {"reason": " ", "extra": 1}, content_type="application/json")
    assert answer.status_code == 422
    assert {error["where"] for error in answer.json()["errors"]} == {"body/reason", "body/extra"}
    assert client.post(path, "{", content_type="application/json").status_code == 400


def token(user: User) -> str:
    return make_token(user=user, name="A test", may="verify", days=1)[1]


def test_the_documentation_is_a_page_of_our_own_that_names_every_operation(db: None) -> None:
    page = Client().get("/api/v1/docs").content.decode()
    for _, path in OPERATIONS:
        assert path in page
    assert not re.findall(r'(?:src|href)="https?://', page)


def test_the_description_is_openapi_3_1(db: None) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert len(OPERATIONS) == 19
