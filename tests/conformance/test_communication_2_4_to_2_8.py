"""Communication 2.4, 2.5 and 2.8: agents, activities, and the record itself."""

from typing import Any

import pytest
from django.test import Client

from tests.learning.conftest import statement

from .resources import COURSE, LEARNER, Record, tag_of

pytestmark = pytest.mark.django_db
ACTIVITIES, AGENTS = "/xapi/activities", "/xapi/agents"


@pytest.mark.parametrize(
    "identifier",
    [
        {"mbox": "mailto:asha@example.org"},
        {"mbox_sha1sum": "0123456789abcdef0123456789abcdef01234567"},
        {"openid": "https://asha.example/"},
        LEARNER,
    ],
)
@pytest.mark.parametrize("name", [{}, {"name": "Asha"}])
def test_an_agent_comes_back_as_a_person_of_lists(
    record: Record, identifier: dict[str, Any], name: dict[str, str]
) -> None:
    answer = record.ask("GET", AGENTS, {"agent": identifier | name})
    lists = {key: [value] for key, value in (identifier | name).items()}
    assert answer.json() == {"objectType": "Person", **lists}
    assert answer["ETag"] == tag_of(answer.content)


@pytest.mark.parametrize(
    ("address", "parameters", "path"),
    [
        (AGENTS, {}, "agent"),
        (AGENTS, {"agent": "Asha"}, "agent"),
        (AGENTS, {"agent": {"name": "Asha"}}, "agent"),
        (AGENTS, {"agent": {"objectType": "Group", "mbox": "mailto:a@b.example"}}, "agent.objectType"),
        (AGENTS, {"Agent": LEARNER}, "Agent"),
        (ACTIVITIES, {}, "activityId"),
        (ACTIVITIES, {"activityId": "sepsis"}, "activityId"),
        (ACTIVITIES, {"activityId": COURSE, "since": "2026-03-01T12:00:00Z"}, "since"),
        ("/xapi/about", {"colour": "blue"}, "colour"),
    ],
)
def test_a_parameter_that_is_missing_wrong_or_unknown_is_refused_by_name(
    record: Record, address: str, parameters: dict[str, Any], path: str
) -> None:
    answer = record.ask("GET", address, parameters)
    assert (answer.status_code, answer.json()["path"]) == (400, path)


def test_an_activity_comes_back_with_all_that_was_said_of_it(record: Record) -> None:
    for definition in ({"name": {"en-GB": "Sepsis"}}, {"name": {"cy": "Sepsis yn Gymraeg"}}):
        record.door.post(statement(object={"id": COURSE, "definition": definition}))
    answer = record.ask("GET", ACTIVITIES, {"activityId": COURSE})
    assert answer.json() == {
        "objectType": "Activity",
        "id": COURSE,
        "definition": {"name": {"en-GB": "Sepsis", "cy": "Sepsis yn Gymraeg"}},
    }
    assert answer["ETag"] == tag_of(answer.content)


def test_an_activity_that_nobody_spoke_of_comes_back_by_its_name(record: Record) -> None:
    answer = record.ask("GET", ACTIVITIES, {"activityId": COURSE})
    assert answer.json() == {"objectType": "Activity", "id": COURSE}


@pytest.mark.parametrize("said", ["", "1.0.3", "0.9", "2.0.0", "3.1", "x"])
def test_about_is_open_to_everybody_and_names_what_is_spoken(client: Client, said: str) -> None:
    answer = client.get("/xapi/about", headers={"X-Experience-API-Version": said} if said else {})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer.json()["version"] == ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]
    [limits] = answer.json()["extensions"].values()
    assert limits["largestBody"] > 1_000_000


@pytest.mark.parametrize("address", [ACTIVITIES, AGENTS, "/xapi/about"])
def test_what_is_only_read_is_not_written(record: Record, address: str) -> None:
    answer = record.ask("POST", address, {}, {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
