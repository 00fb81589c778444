"""Communication 3.2, 3.3 and 4: errors, versions, and who may do what."""

import base64
from collections.abc import Callable

import pytest

from tests.learning.conftest import STATEMENTS, Door

from .resources import ACTIVITY_PROFILE, AGENT_PROFILE, COURSE, DOCUMENTS, LEARNER, STATE, Record, place

pytestmark = pytest.mark.django_db
ADDRESSES = (STATEMENTS, *DOCUMENTS, "/xapi/activities", "/xapi/agents")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("said", "is_spoken", "answered"),
    [
        ("1.0", True, "1.0.3"),
        ("1.0.0", True, "1.0.3"),
        ("1.0.3", True, "1.0.3"),
        ("1.0.9", True, "1.0.3"),
        ("2.0", True, "2.0.0"),
        ("2.0.0", True, "2.0.0"),
        ("2.1.0", False, "2.0.0"),
        ("1.1.0", False, "1.0.3"),
        ("0.95", False, "1.0.3"),
        ("10.0", False, "1.0.3"),
        ("1.0.x", False, "1.0.3"),
        ("1.0.3\u00b2", False, "1.0.3"),
        # xAPI 0.9 had no such header.
        ("", False, "0.9"),
    ],
)
def test_every_answer_says_the_newest_version_of_the_family_that_was_asked_for(
    record: Record, address: str, said: str, is_spoken: bool, answered: str
) -> None:
    answer = record.ask("GET", address, X_Experience_API_Version=said)
    refused_for_its_version = (
        answer.status_code == 400 and answer.json()["path"] == "X-Experience-API-Version"
    )
    assert (not refused_for_its_version, answer["X-Experience-API-Version"]) == (is_spoken, answered)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 412])
def test_refusals_say_the_version_too(record: Record, door: Callable[..., Door], status: int) -> None:
    record.version = "2.0.0"
    answer = {
        401: lambda: record.ask("GET", STATE, Authorization="Basic eDp5"),
        403: lambda: Record(door("statements/read"), "2.0.0").ask("GET", STATE, place(STATE)),
        404: lambda: record.ask("GET", STATE, place(STATE)),
        405: lambda: record.ask("PATCH", STATE, place(STATE)),
        412: lambda: record.ask("PUT", STATE, place(STATE), b"{}", If_Match="*"),
    }[status]()
    assert (answer.status_code, answer["X-Experience-API-Version"]) == (status, "2.0.0")
    assert len(answer.json()["error"]) > 10


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_told_how_to_come_in(record: Record, address: str) -> None:
    wrong = base64.b64encode(f"{record.door.credential.key}:wrong".encode()).decode()
    for authorization in ("", "Basic", "Basic !!", f"Basic {wrong}", "Bearer nonsense", "Digest x"):
        answer = record.ask("GET", address, Authorization=authorization)
        assert answer.status_code == 401
        assert "Basic" in answer["WWW-Authenticate"]
        assert "Bearer" in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("scope", "states", "profiles"),
    [
        ("statements/write", (403, 403), (403, 403)),
        ("statements/read", (403, 403), (403, 403)),
        ("state", (200, 204), (403, 403)),
        ("profile", (403, 403), (200, 204)),
        ("define", (403, 403), (403, 403)),
        ("all/read", (200, 403), (200, 403)),
        ("all", (200, 204), (200, 204)),
    ],
)
def test_a_scope_opens_what_it_names(
    door: Callable[..., Door], scope: str, states: tuple[int, int], profiles: tuple[int, int]
) -> None:
    record = Record(door(scope))
    for resource, (reads, writes) in (
        (STATE, states),
        (ACTIVITY_PROFILE, profiles),
        (AGENT_PROFILE, profiles),
    ):
        assert record.ask("GET", resource, place(resource, None)).status_code == reads
        for method in ("PUT", "POST", "DELETE"):
            answer = record.ask(method, resource, place(resource, method), b"{}", If_None_Match="*")
            assert answer.status_code == writes


@pytest.mark.parametrize("scope", ["statements/read/mine", "state", "profile", "define", "all/read"])
def test_whoever_reads_anything_may_ask_what_an_activity_is(door: Callable[..., Door], scope: str) -> None:
    record, writer = Record(door(scope)), Record(door("statements/write"))
    for address, parameters in (
        ("/xapi/activities", {"activityId": COURSE}),
        ("/xapi/agents", {"agent": LEARNER}),
    ):
        assert record.ask("GET", address, parameters).status_code == 200
        assert writer.ask("GET", address, parameters).status_code == 403
