"""The API as a whole: its description is true, its problems can be read, and its documentation needs nothing else."""

import re
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
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
    (method, path)
    for path, operations in api.get_openapi_schema()["paths"].items()
    for method in operations
]
# What is sent without a token, and what another person's would open, have tests of their own.
OWN_TESTS = {"ignored_auth", "object_level_authorization", "use_after_free", "ensure_resource_availability"}
load_all_checks()
CHECKED = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in OWN_TESTS]
FEW_AND_THE_SAME = settings(
    max_examples=10,
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
    sent, asked = put_forward(learner, colleague), put_forward(colleague, learner)
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
def description(db: None) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_it_answers_as_it_is_described(
    description: Any, world: dict[str, str], learner: User, method: str, path: str, mode: GenerationMode
) -> None:
    """Schemathesis makes requests from the description, good and bad ones. No answer is kept for the next."""
    _, secret = make_token(user=learner, name="A test", may="verify", days=1)
    operation = description[path][method.upper()]
    made = operation.as_strategy(generation_mode=mode)
    if mode == GenerationMode.POSITIVE:
        made |= operation.as_strategy(generation_mode=mode, path_parameters=parts_of(path, world))
    statuses = set()

    @FEW_AND_THE_SAME
    @given(case=made)
    def try_out(case: Case) -> None:
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            transaction.set_rollback(True)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKED)

    try_out()
    assert statuses
    assert max(statuses) < 500
