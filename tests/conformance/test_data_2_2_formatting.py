"""Data 2.2, formatting requirements: what no statement may hold, wherever it stands."""

from typing import Any

import pytest

from learning.xapi import Version

from .data import AGENT, EXTENSION, GROUP, assert_refused, both_families, inner, read, statement

FULL: dict[str, Any] = {
    "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f",
    "result": {"success": True, "score": {"raw": 1}},
    "context": {"team": GROUP, "platform": "Ward tablet", "contextActivities": {"parent": {"id": "a:b"}}},
    "timestamp": "2026-03-01T09:30:00Z",
    "attachments": [],
}


@both_families
@pytest.mark.parametrize("name", ["actor", "verb", "object"])
def test_a_statement_needs_an_actor_a_verb_and_an_object(name: str, version: Version) -> None:
    assert_refused(statement(**{name: ...}), name, "is missing", version)
    assert_refused(statement(object=inner(**{name: ...})), f"object.{name}", "is missing", version)


@both_families
def test_the_properties_may_come_in_any_order(version: Version) -> None:
    backwards = dict(reversed(statement(**FULL).items()))
    assert read(backwards, version).statement.context


@both_families
@pytest.mark.parametrize(
    ("said", "path"),
    [
        (statement(result=None), "result"),
        (statement(context=None), "context"),
        (statement(attachments=None), "attachments"),
        (statement(actor={"name": None, **AGENT}), "actor.name"),
        (statement(verb={"id": "a:b", "display": None}), "verb.display"),
        (statement(result={"score": {"raw": None}}), "result.score.raw"),
        (statement(context={"contextActivities": {"parent": None}}), "context.contextActivities.parent"),
        (statement(object=inner(result={"success": None})), "object.result.success"),
    ],
)
def test_null_is_a_value_in_extensions_only(said: dict[str, Any], path: str, version: Version) -> None:
    assert_refused(said, path, "not null", version)
    assert read(statement(result={"extensions": {EXTENSION: None}}), version)


@both_families
@pytest.mark.parametrize(
    ("said", "path", "rule"),
    [
        (statement(actor="sam"), "actor", "must be of type object, not string"),
        (statement(actor=[AGENT]), "actor", "must be of type object, not array"),
        (statement(result={"success": "true"}), "result.success", "must be of type boolean, not string"),
        (statement(result={"completion": 1}), "result.completion", "must be of type boolean"),
        (statement(result={"score": {"raw": "1"}}), "result.score.raw", "must be of type number, not string"),
        (statement(result={"score": {"scaled": True}}), "result.score.scaled", "must be of type number"),
        (statement(result={"response": 1}), "result.response", "must be of type string, not whole number"),
        (statement(result={"duration": 5}), "result.duration", "must be of type string"),
        (statement(timestamp=1772357400), "timestamp", "must be of type string"),
        (statement(attachments={}), "attachments", "must be of type array"),
        (statement(object="a:b"), "object", "must be an object"),
        (statement(object=[]), "object", "must be an object"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(
    said: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(said, path, rule, version)


@both_families
@pytest.mark.parametrize(
    ("said", "path"),
    [
        (statement(colour="blue"), "colour"),
        (statement(Actor=AGENT), "Actor"),
        (statement(actor={"Name": "Sam", **AGENT}), "actor.Name"),
        (statement(actor=AGENT | {"role": "nurse"}), "actor.role"),
        (statement(verb={"id": "a:b", "Display": {}}), "verb.Display"),
        (statement(object={"id": "a:b", "Definition": {}}), "object.Definition"),
        (statement(result={"grade": 1}), "result.grade"),
        (statement(result={"score": {"Raw": 1}}), "result.score.Raw"),
        (statement(context={"contextactivities": {}}), "context.contextactivities"),
        (statement(context={"contextActivities": {"child": []}}), "context.contextActivities.child"),
    ],
)
def test_a_property_that_the_specification_does_not_name_is_refused(
    said: dict[str, Any], path: str, version: Version
) -> None:
    assert_refused(said, path, "is not a property", version)


@both_families
@pytest.mark.parametrize(
    ("said", "path"),
    [
        (statement(actor={"objectType": "agent", **AGENT}), "actor.objectType"),
        (statement(actor=GROUP | {"objectType": "group"}), "actor.objectType"),
        (statement(object={"objectType": "activity", "id": "a:b"}), "object.objectType"),
        (
            statement(object={"id": "a:b", "definition": {"interactionType": "Choice"}}),
            "object.definition.interactionType",
        ),
    ],
)
def test_the_case_of_a_value_from_a_list_counts(said: dict[str, Any], path: str, version: Version) -> None:
    assert_refused(said, path, "must be", version)


@both_families
@pytest.mark.parametrize(
    ("said", "path", "rule"),
    [
        (statement(id=""), "id", "UUID"),
        (statement(verb={"id": ""}), "verb.id", "IRI"),
        (statement(object={"id": ""}), "object.id", "IRI"),
        (statement(actor={"mbox": ""}), "actor.mbox", "mailto"),
        (statement(actor={"mbox_sha1sum": ""}), "actor.mbox_sha1sum", "SHA-1"),
        (statement(actor={"openid": ""}), "actor.openid", "IRI"),
        (statement(result={"duration": ""}), "result.duration", "ISO 8601"),
        (statement(context={"language": ""}), "context.language", "language tag"),
        (statement(timestamp=""), "timestamp", "must be"),
        (statement(version=""), "version", "1.0.x"),
    ],
)
def test_an_empty_string_has_no_format(said: dict[str, Any], path: str, rule: str, version: Version) -> None:
    assert_refused(said, path, rule, version)
