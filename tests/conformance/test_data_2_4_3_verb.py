"""Data 2.4.3 and 2.3.2: verbs, and the one that the specification reserves."""

from typing import Any

import pytest

from learning.xapi import Version

from .data import AGENT, REFERENCE, VOIDED, assert_refused, both_families, inner, read, statement


@both_families
@pytest.mark.parametrize(
    "verb",
    [{"id": "a:b"}, {"id": "a:b", "display": {}}, {"id": "http://example.com/فعل", "display": {"fa": "ف"}}],
)
def test_a_verb_needs_no_more_than_its_id(verb: dict[str, Any], version: Version) -> None:
    assert read(statement(verb=verb), version).statement.verb.id == verb["id"]


@both_families
@pytest.mark.parametrize(
    ("verb", "path", "rule"),
    [
        ({}, "verb.id", "is missing"),
        ({"id": "completed"}, "verb.id", "IRI"),
        ({"id": "https://example.org/a b"}, "verb.id", "IRI"),
        ({"id": "a:b\n"}, "verb.id", "IRI"),
        ({"id": "a:" + "x" * 3000}, "verb.id", "2500 bytes"),
        ({"id": "a:b", "display": "did"}, "verb.display", "must be of type object"),
    ],
)
def test_a_verb_that_breaks_a_rule_is_refused(
    verb: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(statement(verb=verb), path, rule, version)
    assert_refused(statement(object=inner(verb=verb)), f"object.{path}", rule, version)


@both_families
@pytest.mark.parametrize(
    "thing",
    [{"id": "a:b"}, {"objectType": "Agent", **AGENT}, inner(), {"objectType": "Activity", "id": "a:b"}],
)
def test_what_is_voided_is_named_by_a_reference(thing: dict[str, Any], version: Version) -> None:
    assert_refused(statement(verb=VOIDED, object=thing), "object.objectType", "StatementRef", version)
    assert read(statement(verb=VOIDED, object=REFERENCE), version)
