"""The formats ids and canonical, from a payload alone."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.xapi.languages import chosen, preferences
from learning.xapi.shaping import activities_in_payloads, in_canonical_form, with_ids

SAM = {"objectType": "Agent", "name": "Sam", "mbox": "mailto:sam@example.org"}
KIM = {"name": "Kim", "account": {"homePage": "https://lms.example/", "name": "1"}}
TEAM = {"objectType": "Group", "name": "Ward 1", "openid": "https://ward.example/", "member": [SAM]}
NAMELESS = {"objectType": "Group", "name": "Some", "member": [SAM, KIM]}
VERB = {"id": "http://example.org/did", "display": {"en": "did", "cy": "gwnaeth"}}


def activity(name: str, **definition: Any) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": f"http://example.org/{name}",
        "definition": {"name": {"en": name, "cy": f"{name} (cy)"}} | definition,
    }


WHOLE = {
    "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f",
    "actor": NAMELESS,
    "verb": VERB,
    "object": {
        "objectType": "SubStatement",
        "actor": TEAM,
        "verb": VERB,
        "object": activity("inner"),
        "context": {"contextActivities": {"category": activity("inner-category")}},
    },
    "context": {
        "registration": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6a",
        "instructor": KIM,
        "team": TEAM,
        "contextActivities": {"parent": [activity("parent")], "other": activity("other")},
        "contextAgents": [
            {"objectType": "contextAgent", "agent": KIM, "relevantTypes": ["http://example.org/t"]}
        ],
        "contextGroups": [{"objectType": "contextGroup", "group": TEAM}],
        "statement": {"objectType": "StatementRef", "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6b"},
    },
    "authority": SAM,
}


def in_ids(statement: object) -> Any:
    return json.loads(with_ids(json.dumps(statement)))


def canonical(statement: object, known: dict[str, Any] | None = None, wanted: str = "") -> Any:
    return json.loads(in_canonical_form(json.dumps(statement), known or {}, wanted))


def test_ids_leaves_nothing_but_what_identifies() -> None:
    sam = {"objectType": "Agent", "mbox": "mailto:sam@example.org"}
    kim = {"account": {"homePage": "https://lms.example/", "name": "1"}}
    team = {"objectType": "Group", "openid": "https://ward.example/"}
    assert in_ids(WHOLE) == {
        "id": WHOLE["id"],
        "actor": {"objectType": "Group", "member": [sam, kim]},
        "verb": {"id": "http://example.org/did"},
        "object": {
            "objectType": "SubStatement",
            "actor": team,
            "verb": {"id": "http://example.org/did"},
            "object": {"id": "http://example.org/inner"},
            "context": {"contextActivities": {"category": [{"id": "http://example.org/inner-category"}]}},
        },
        "context": {
            "registration": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6a",
            "instructor": kim,
            "team": team,
            "contextActivities": {
                "parent": [{"id": "http://example.org/parent"}],
                "other": [{"id": "http://example.org/other"}],
            },
            "contextAgents": [
                {"objectType": "contextAgent", "agent": kim, "relevantTypes": ["http://example.org/t"]}
            ],
            "contextGroups": [{"objectType": "contextGroup", "group": team}],
            "statement": {"objectType": "StatementRef", "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6b"},
        },
        "authority": sam,
    }


@pytest.mark.parametrize(
    ("thing", "identified"),
    [
        (SAM, {"objectType": "Agent", "mbox": "mailto:sam@example.org"}),
        (TEAM, {"objectType": "Group", "openid": "https://ward.example/"}),
        (
            {"objectType": "StatementRef", "id": WHOLE["id"]},
            {"objectType": "StatementRef", "id": WHOLE["id"]},
        ),
        ({"id": "http://example.org/a", "definition": {}}, {"id": "http://example.org/a"}),
    ],
)
def test_ids_keeps_the_kind_of_an_object(thing: dict[str, Any], identified: dict[str, Any]) -> None:
    assert in_ids({"actor": SAM, "verb": VERB, "object": thing})["object"] == identified


@pytest.mark.parametrize("shape", [with_ids, lambda payload: in_canonical_form(payload, {}, "cy")])
def test_what_is_not_reshaped_stays_as_it_was_written(shape: Any) -> None:
    kept = '"result":{"score":{"raw":1.50},"extensions":{"http://example.org/x":123456789012345678901234567890e-1}}'
    payload = f'{{"actor":{json.dumps(KIM)},"verb":{{"id":"a:b"}},"object":{{"id":"a:c"}},{kept}}}'
    assert kept.encode() in shape(payload)


def test_canonical_shows_activities_as_the_record_knows_them_wherever_they_stand() -> None:
    names = ("inner", "inner-category", "parent", "other")
    known = {
        f"http://example.org/{name}": {"name": {"en": f"{name}!", "cy": "x"}, "type": "http://example.org/t"}
        for name in names
    }
    shown = canonical(WHOLE, known, "en")
    inner, uses = shown["object"], shown["context"]["contextActivities"]
    found = [
        inner["object"],
        *inner["context"]["contextActivities"]["category"],
        *uses["parent"],
        *uses["other"],
    ]
    assert [each["definition"] for each in found] == [
        {"name": {"en": f"{name}!"}, "type": "http://example.org/t"} for name in names
    ]
    assert activities_in_payloads([json.dumps(WHOLE)]) == known.keys()


def test_canonical_leaves_agents_and_groups_as_they_were() -> None:
    shown = canonical(WHOLE)
    assert (shown["actor"], shown["authority"], shown["context"]["team"]) == (NAMELESS, SAM, TEAM)
    assert shown["context"]["contextAgents"] == WHOLE["context"]["contextAgents"]  # type: ignore[index]


def test_canonical_shows_one_language_in_each_map() -> None:
    question = activity(
        "question",
        description={"fr": "Quoi ?", "en": "What?"},
        interactionType="choice",
        choices=[{"id": "a", "description": {"fr": "oui", "de": "ja"}}, {"id": "b"}],
        correctResponsesPattern=["a"],
        extensions={"http://example.org/x": {"en": 1, "fr": 2}},
    )
    shown = canonical({"actor": SAM, "verb": VERB, "object": question}, wanted="fr, cy;q=0.5")
    assert shown["verb"] == {"id": VERB["id"], "display": {"cy": "gwnaeth"}}
    assert shown["object"]["definition"] == {
        "name": {"cy": "question (cy)"},
        "description": {"fr": "Quoi ?"},
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"fr": "oui"}}, {"id": "b"}],
        "correctResponsesPattern": ["a"],
        "extensions": {"http://example.org/x": {"en": 1, "fr": 2}},
    }


def test_canonical_adds_a_definition_to_a_bare_activity_and_none_where_nothing_is_known() -> None:
    bare = {"actor": SAM, "verb": {"id": "a:b", "display": {}}, "object": {"id": "a:c"}}
    assert canonical(bare, {"a:c": {"name": {"en": "C"}}})["object"] == {
        "id": "a:c",
        "definition": {"name": {"en": "C"}},
    }
    assert canonical(bare, {"a:c": {}}) == bare


@pytest.mark.parametrize(
    ("header", "languages", "found"),
    [
        ("", "en fr", "en"),
        ("fr", "en fr", "fr"),
        ("FR-be, en", "en fr-BE", "fr-BE"),
        # A range fits every language that begins with it (RFC 2616, 14.4).
        ("en", "fr en-GB", "en-GB"),
        ("e", "fr en", "fr"),
        ("en-GB;q=0.5, cy", "en-GB cy", "cy"),
        ("en;q=0.2, en-GB;q=0.9, fr;q=0.5", "en fr en-GB", "en-GB"),
        # The longest range counts: British English is refused, other English is not.
        ("en, en-GB;q=0", "en-GB en-US", "en-US"),
        ("da, en-gb;q=0.8, en;q=0.7", "en-US en-GB", "en-GB"),
        ("en;q=0.5, *", "en fr", "fr"),
        ("*;q=0.1, cy", "en cy", "cy"),
        ("fr, *;q=0", "de fr", "fr"),
        # Where nothing fits, what is asked for is shortened (RFC 4647, 3.4).
        ("en-US", "fr en", "en"),
        ("en-US", "fr en-GB", "en-GB"),
        ("zh-Hant-TW, fr", "en zh-Hant", "zh-Hant"),
        ("en-US, *;q=0.1", "fr en", "en"),
        ("de", "en fr", "en"),
        # Something must be shown, however unwanted.
        ("en;q=0", "en", "en"),
        ("*;q=0", "en fr", "en"),
        ("en;q=0, fr;q=0, de", "en fr it", "it"),
        ("en;q=2, ;;, fr;q=x, -, cy;q=0.1", "fr cy", "cy"),
    ],
)
def test_the_language_is_the_one_most_wanted(header: str, languages: str, found: str) -> None:
    assert chosen(tuple(languages.split()), preferences(header)) == found


@settings(deadline=None)
@given(st.text(), st.lists(st.sampled_from(["en", "en-GB", "fr", "zh-Hant-TW"]), min_size=1, unique=True))
def test_any_header_finds_one_of_the_languages(header: str, languages: list[str]) -> None:
    assert chosen(tuple(languages), preferences(header)) in languages
