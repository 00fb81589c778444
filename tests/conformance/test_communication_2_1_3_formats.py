"""Communication 2.1.3, GET Statements: `format` and Accept-Language. The shapes: tests/learning/test_shaping.py."""

from typing import Any

import pytest

from tests.learning.conftest import STATEMENTS, Door, statement

SAM = {"objectType": "Agent", "name": "Sam", "mbox": "mailto:sam@example.org"}
COURSE = {
    "objectType": "Activity",
    "id": "https://lms.example/courses/sepsis",
    "definition": {"name": {"en-GB": "Sepsis", "cy": "Sepsis (cy)"}, "description": {"en-GB": "Early signs"}},
}
VERB = {
    "id": "http://adlnet.gov/expapi/verbs/completed",
    "display": {"en-GB": "completed", "cy": "cwblhawyd"},
}
WHOLE = statement(actor=SAM, verb=VERB, object=COURSE)


@pytest.fixture
def name(lms: Door) -> str:
    return str(lms.post(WHOLE).json()[0])


def seen(lms: Door, name: str, language: str = "", **parameters: str) -> list[dict[str, Any]]:
    """The statement alone, and among others, with the properties that a format may change."""
    headers = lms.headers | ({"Accept-Language": language} if language else {})
    one = lms.client.get(STATEMENTS, {"statementId": name, **parameters}, headers=headers).json()
    [among] = lms.client.get(STATEMENTS, parameters, headers=headers).json()["statements"]
    return [{key: each[key] for key in ("actor", "verb", "object")} for each in (one, among)]


@pytest.mark.parametrize("parameters", [{}, {"format": "exact"}])
def test_exact_is_as_it_was_received_and_is_what_nobody_need_ask_for(
    lms: Door, name: str, parameters: dict[str, str]
) -> None:
    assert seen(lms, name, "cy", **parameters) == [{"actor": SAM, "verb": VERB, "object": COURSE}] * 2


def test_ids_holds_what_identifies_and_no_more(lms: Door, name: str) -> None:
    least = {
        "actor": {"objectType": "Agent", "mbox": SAM["mbox"]},
        "verb": {"id": VERB["id"]},
        "object": {"id": COURSE["id"]},
    }
    assert seen(lms, name, format="ids") == [least] * 2


def test_canonical_holds_one_language_in_each_map_chosen_for_each_map(lms: Door, name: str) -> None:
    welsh = {
        "actor": SAM,
        "verb": {"id": VERB["id"], "display": {"cy": "cwblhawyd"}},
        "object": COURSE
        | {"definition": {"name": {"cy": "Sepsis (cy)"}, "description": {"en-GB": "Early signs"}}},
    }
    assert seen(lms, name, "cy, en;q=0.5", format="canonical") == [welsh] * 2


def test_canonical_does_without_accept_language(lms: Door, name: str) -> None:
    for found in seen(lms, name, format="canonical"):
        assert (len(found["verb"]["display"]), len(found["object"]["definition"]["name"])) == (1, 1)
