"""Data 2.4.4: what a statement can be about, and how an activity is defined."""

from typing import Any

import pytest

from learning.xapi import Version
from learning.xapi.statements import Activity, Actor, StatementRef, SubStatement

from .data import AGENT, EXTENSION, GROUP, REFERENCE, assert_refused, both_families, inner, read, statement

COMPONENTS = [{"id": "a"}, {"id": "b", "description": {"en": "The second"}}]


def defined(**definition: Any) -> dict[str, Any]:
    return {"id": "https://example.org/q1", "definition": definition}


THINGS: list[tuple[dict[str, Any], type]] = [
    ({"id": "urn:isbn:0451450523"}, Activity),
    ({"objectType": "Activity", "id": "https://example.org/kéks", "definition": {}}, Activity),
    (
        defined(name={"cy": "Cacennau", "zh-Hant-TW": "糕"}, type="a:b", moreInfo="https://example.org/"),
        Activity,
    ),
    (defined(extensions={EXTENSION: {"any": [None, 1, "text", {}]}}), Activity),
    (defined(interactionType="true-false", correctResponsesPattern=["true"]), Activity),
    (defined(interactionType="choice", choices=COMPONENTS, correctResponsesPattern=["a[,]b"]), Activity),
    (defined(interactionType="sequencing", choices=COMPONENTS), Activity),
    (defined(interactionType="likert", scale=COMPONENTS), Activity),
    (defined(interactionType="matching", source=COMPONENTS, target=COMPONENTS), Activity),
    (defined(interactionType="performance", steps=COMPONENTS), Activity),
    (defined(interactionType="numeric", correctResponsesPattern=[]), Activity),
    ({"objectType": "Agent", **AGENT}, Actor),
    (GROUP, Actor),
    (REFERENCE, StatementRef),
    (inner(), SubStatement),
    (inner(object=REFERENCE), SubStatement),
    (inner(timestamp="2999-01-01T00:00:00Z", context={"platform": "x"}, attachments=[]), SubStatement),
]

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({}, ".id", "is missing"),
    ({"id": "sepsis"}, ".id", "IRI"),
    ({"id": 1}, ".id", "must be of type string"),
    ({"id": "a:" + "é" * 1300}, ".id", "2500 bytes"),
    ({"objectType": "Course", "id": "a:b"}, ".objectType", "Activity"),
    ({"objectType": [], "id": "a:b"}, ".objectType", "Activity"),
    (AGENT, ".mbox", "not a property"),
    ({"objectType": "Agent"}, "", "one of mbox"),
    (defined(type="course"), ".definition.type", "IRI"),
    (defined(moreInfo="course"), ".definition.moreInfo", "IRI"),
    (defined(name="Sepsis"), ".definition.name", "must be of type object"),
    (defined(interactionType="guess"), ".definition.interactionType", "must be a value"),
    (defined(correctResponsesPattern=["a"]), ".definition.interactionType", "is needed"),
    (defined(choices=COMPONENTS), ".definition.choices", "only where"),
    (defined(interactionType="likert", choices=COMPONENTS), ".definition.choices", "only where"),
    (defined(interactionType="choice", choices=[{"id": "a"}] * 2), ".definition.choices", "of its own"),
    (defined(interactionType="choice", choices=[{}]), ".definition.choices[0].id", "missing"),
    (
        defined(interactionType="choice", correctResponsesPattern="a"),
        ".definition.correctResponsesPattern",
        "array",
    ),
    ({"objectType": "StatementRef"}, ".id", "missing"),
    (REFERENCE | {"definition": {}}, ".definition", "not a property"),
    (inner(id=REFERENCE["id"]), ".id", "not a property"),
    (inner(stored="2026-03-01T09:30:00Z"), ".stored", "not a property"),
    (inner(version="1.0.0"), ".version", "not a property"),
    (inner(authority=AGENT), ".authority", "not a property"),
    (inner(object=inner()), ".object.objectType", "must be one of"),
    (inner(actor={}), ".actor", "one of mbox"),
    (inner(timestamp="yesterday"), ".timestamp", "must be"),
]


@both_families
@pytest.mark.parametrize(("thing", "kind"), THINGS)
def test_each_kind_of_object_is_read_as_what_it_is(
    thing: dict[str, Any], kind: type, version: Version
) -> None:
    assert type(read(statement(object=thing), version).statement.object) is kind


@both_families
@pytest.mark.parametrize(("thing", "path", "rule"), FAULTS)
def test_an_object_that_breaks_a_rule_is_refused(
    thing: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(statement(object=thing), f"object{path}", rule, version)
    if thing.get("objectType") != "SubStatement":
        assert_refused(statement(object=inner(object=thing)), f"object.object{path}", rule, version)
