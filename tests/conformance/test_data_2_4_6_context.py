"""Data 2.4.6, and what IEEE 9274.1.1 (xAPI 2.0) adds to it: context agents and context groups."""

from typing import Any

import pytest

from learning.xapi import Version
from learning.xapi.links import activities_in, actors_in

from .data import AGENT, GROUP, REFERENCE, assert_refused, both_families, inner, read, statement

CONTEXTS: list[dict[str, Any]] = [
    {},
    {"registration": REFERENCE["id"], "language": "en-GB", "revision": "2", "platform": "Ward tablet"},
    {"instructor": AGENT, "team": GROUP, "statement": REFERENCE},
    {"instructor": GROUP},
    {"contextActivities": {"parent": {"id": "https://example.org/p"}, "other": []}},
]

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"registration": "1"}, ".registration", "UUID"),
    ({"team": AGENT}, ".team.objectType", "Group"),
    ({"language": "e"}, ".language", "language tag"),
    ({"statement": {"id": REFERENCE["id"]}}, ".statement.objectType", "missing"),
    ({"statement": inner()}, ".statement.objectType", "must be a value"),
    ({"contextActivities": []}, ".contextActivities", "must be of type object"),
    ({"contextActivities": {"other": [{"id": "a:b"}, {"id": "b"}]}}, ".contextActivities.other[1].id", "IRI"),
    ({"contextActivities": {"parent": {"id": "b"}}}, ".contextActivities.parent.id", "IRI"),
    (
        {"contextActivities": {"parent": {"objectType": "Agent", **AGENT}}},
        ".contextActivities.parent.objectType",
        "must be a value",
    ),
]

LINK = {"objectType": "contextAgent", "agent": AGENT}
GROUP_LINK = {"objectType": "contextGroup", "group": GROUP}

NEWER_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"contextAgents": LINK}, ".contextAgents", "must be of type array"),
    ({"contextAgents": [{"agent": AGENT}]}, ".contextAgents[0].objectType", "missing"),
    (
        {"contextAgents": [LINK | {"objectType": "contextGroup"}]},
        ".contextAgents[0].objectType",
        "must be a value",
    ),
    ({"contextAgents": [LINK | {"agent": {}}]}, ".contextAgents[0].agent", "one of mbox"),
    ({"contextAgents": [LINK | {"agent": GROUP}]}, ".contextAgents[0].agent.objectType", "contextGroups"),
    ({"contextAgents": [LINK | {"relevantTypes": []}]}, ".contextAgents[0].relevantTypes", "empty"),
    ({"contextAgents": [LINK, LINK | {"relevantTypes": ["a"]}]}, ".contextAgents[1].relevantTypes[0]", "IRI"),
    ({"contextGroups": [{"group": GROUP}]}, ".contextGroups[0].objectType", "missing"),
    (
        {"contextGroups": [GROUP_LINK | {"group": AGENT}]},
        ".contextGroups[0].group.objectType",
        "must be Group",
    ),
    ({"contextGroups": [GROUP_LINK | {"member": []}]}, ".contextGroups[0].member", "not a property"),
    ({"contextGroups": [GROUP_LINK | {"relevantTypes": []}]}, ".contextGroups[0].relevantTypes", "empty"),
]


@both_families
@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_is_read(context: dict[str, Any], version: Version) -> None:
    assert read(statement(context=context), version)
    assert read(statement(object=inner(context=context)), version)


@both_families
@pytest.mark.parametrize(("context", "path", "rule"), FAULTS)
def test_a_context_that_breaks_a_rule_is_refused(
    context: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(statement(context=context), f"context{path}", rule, version)
    assert_refused(statement(object=inner(context=context)), f"object.context{path}", rule, version)


@both_families
@pytest.mark.parametrize("name", ["revision", "platform"])
def test_revision_and_platform_are_of_an_activity(name: str, version: Version) -> None:
    about = statement(object=REFERENCE, context={name: "x"})
    assert_refused(about, f"context.{name}", "activity", version)
    within = statement(object=inner(object=REFERENCE, context={name: "x"}))
    assert_refused(within, f"object.context.{name}", "activity", version)


@pytest.mark.parametrize("types", [{}, {"relevantTypes": ["https://example.org/witness"]}])
def test_version_2_knows_context_agents_and_groups(types: dict[str, Any]) -> None:
    context = {"contextAgents": [LINK | types], "contextGroups": [GROUP_LINK | types]}
    said = read(statement(context=context), Version.TWO).statement
    assert actors_in(said)[1:] == [
        ("context", "mbox|mailto:sam@example.org"),
        ("context", "account|https://lms.example/|1"),
    ]


@pytest.mark.parametrize("name", ["contextAgents", "contextGroups"])
def test_version_1_does_not_know_them(name: str) -> None:
    assert_refused(statement(context={name: []}), f"context.{name}", "of xAPI 2.0")
    assert_refused(statement(object=inner(context={name: []})), f"object.context.{name}", "of xAPI 2.0")


@pytest.mark.parametrize(("context", "path", "rule"), NEWER_FAULTS)
def test_a_context_agent_or_group_that_breaks_a_rule_is_refused(
    context: dict[str, Any], path: str, rule: str
) -> None:
    assert_refused(statement(context=context), f"context{path}", rule, Version.TWO)
    within = statement(object=inner(context=context))
    assert_refused(within, f"object.context{path}", rule, Version.TWO)


def test_every_actor_and_activity_is_found_where_it_stands() -> None:
    context = {
        "instructor": AGENT,
        "team": GROUP | {"openid": "https://id.example.org/team"},
        "contextActivities": {"parent": {"id": "a:p"}, "category": [{"id": "a:c"}, {"id": "a:d"}]},
    }
    whole = statement(actor=GROUP, object=inner(context=context), context=context)
    said = read(whole).statement
    in_context = [
        "mbox|mailto:sam@example.org",
        "openid|https://id.example.org/team",
        "account|https://lms.example/|1",
    ]
    assert actors_in(said) == [
        ("actor", "account|https://lms.example/|1"),
        ("substatement", "account|https://lms.example/|7431"),
        *(("substatement", key) for key in in_context),
        *zip(["instructor", "team", "team"], in_context, strict=True),
    ]
    assert [(usage, activity.id) for usage, activity in activities_in(said)] == [
        ("substatement", "https://lms.example/courses/sepsis"),
        ("substatement", "a:p"),
        ("substatement", "a:c"),
        ("substatement", "a:d"),
        ("parent", "a:p"),
        ("category", "a:c"),
        ("category", "a:d"),
    ]
