"""Communication 2.3: states belong to an agent in an activity, and may belong to one registration."""

from typing import Any

import pytest

from .resources import COURSE, LEARNER, REGISTRATION, STATE, Record, place

pytestmark = pytest.mark.django_db
SOMEBODY_ELSE = {"mbox": "mailto:asha@example.org"}


def test_states_of_other_people_activities_and_registrations_are_other_states(record: Record) -> None:
    around: list[dict[str, Any]] = [
        {},
        {"registration": REGISTRATION},
        {"agent": SOMEBODY_ELSE},
        {"activityId": f"{COURSE}/2"},
    ]
    for number, more in enumerate(around):
        record.keep(STATE, {"number": number}, **more)
    assert [record.read(STATE, **more)["number"] for more in around] == [0, 1, 2, 3]


def test_one_person_has_one_state_however_their_name_and_address_are_written(record: Record) -> None:
    record.keep(STATE, {"page": 1}, agent={"name": "Asha", "mbox": "mailto:asha@Example.ORG"})
    assert record.read(STATE, agent=SOMEBODY_ELSE | {"objectType": "Agent"}) == {"page": 1}


def test_without_a_registration_all_around_the_activity_is_meant(record: Record) -> None:
    record.keep(STATE, {}, name="here")
    record.keep(STATE, {}, name="there", registration=REGISTRATION)
    record.keep(STATE, {}, name="here", registration=REGISTRATION)
    assert sorted(record.read(STATE, None)) == ["here", "there"]
    assert record.read(STATE, None, registration=REGISTRATION) == ["there", "here"]


def test_all_states_around_are_deleted_and_no_others(record: Record) -> None:
    record.keep(STATE, {}, name="one")
    record.keep(STATE, {}, name="two")
    record.keep(STATE, {}, name="of a registration", registration=REGISTRATION)
    record.keep(STATE, {}, agent=SOMEBODY_ELSE)
    registered = place(STATE, None, registration=REGISTRATION)
    assert record.ask("DELETE", STATE, registered).status_code == 204
    assert record.read(STATE, None) == ["one", "two"]
    assert record.ask("DELETE", STATE, place(STATE, None)).status_code == 204
    assert record.read(STATE, None) == []
    assert record.read(STATE, agent=SOMEBODY_ELSE) == {}


def test_a_state_without_a_name_is_not_everybodys_name(record: Record) -> None:
    """An empty stateId is a slip: to take it for none would delete everything around."""
    record.keep(STATE, {})
    answer = record.ask("DELETE", STATE, {"activityId": COURSE, "agent": LEARNER, "stateId": ""})
    assert answer.status_code == 400
    assert record.read(STATE) == {}


def test_since_stands_beside_no_state_id(record: Record) -> None:
    answer = record.ask("GET", STATE, place(STATE, since="2026-03-01T12:00:00Z"))
    assert (answer.status_code, answer.json()["path"]) == (400, "since")
