"""Data 2.4.2: an agent has one identifier; a group has one, or lists its members, or both."""

from typing import Any

import pytest

from learning.xapi import Version

from .data import AGENT, GROUP, MEMBER, assert_refused, both_families, read, statement

ACTORS: list[dict[str, Any]] = [
    AGENT,
    {"objectType": "Agent", "name": "", **AGENT},
    {"mbox_sha1sum": "a" * 40},
    {"openid": "https://id.example.org/sam"},
    MEMBER,
    GROUP,
    {"objectType": "Group", "account": {"homePage": "https://lms.example/", "name": "ward"}},
    {"objectType": "Group", "member": [], **AGENT},
    {
        "objectType": "Group",
        "name": "Ward 4",
        "member": [MEMBER, AGENT],
        "openid": "https://id.example.org/4",
    },
]

FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "one of mbox"),
    ({"name": "Sam"}, "", "one of mbox"),
    (AGENT | MEMBER, ".account", "one identifier"),
    ({"mbox_sha1sum": "a" * 40, "openid": "a:b"}, ".openid", "one identifier"),
    (GROUP | AGENT | MEMBER, ".account", "one identifier"),
    ({"mbox": "sam@example.org"}, ".mbox", "mailto"),
    ({"mbox": "mailto:sam"}, ".mbox", "mailto"),
    ({"mbox": "mailto:sam@example.org\n"}, ".mbox", "mailto"),
    ({"mbox_sha1sum": "abc"}, ".mbox_sha1sum", "SHA-1"),
    ({"openid": "sam"}, ".openid", "IRI"),
    ({"account": {}}, ".account.homePage", "missing"),
    ({"account": {"homePage": "https://lms.example/"}}, ".account.name", "missing"),
    ({"account": {"homePage": "lms", "name": "1"}}, ".account.homePage", "IRI"),
    ({"account": {"homePage": "a:b", "name": ""}}, ".account.name", "empty"),
    ({"account": {"homePage": "a:b", "name": "1", "x": 1}}, ".account.x", "not a property"),
    ({"objectType": "Activity", "id": "a:b"}, ".objectType", "must be a value"),
    (AGENT | {"member": [MEMBER]}, ".member", "only in a Group"),
    ({"objectType": "Group"}, ".member", "list its members"),
    ({"objectType": "Group", "member": []}, ".member", "list its members"),
    ({"objectType": "Group", "member": [MEMBER, GROUP]}, ".member[1].objectType", "group"),
    ({"objectType": "Group", "member": [GROUP], **AGENT}, ".member[0].objectType", "group"),
    ({"objectType": "Group", "member": [{}]}, ".member[0]", "one of mbox"),
    ({"objectType": "Group", "member": MEMBER}, ".member", "must be of type array"),
    ({"openid": "https://example.org/" + "x" * 3000}, ".openid", "2500 bytes"),
    ({"account": {"homePage": "a:b", "name": "é" * 1300}}, ".account", "2500 bytes"),
]


@both_families
@pytest.mark.parametrize("actor", ACTORS)
def test_an_actor_with_one_identifier_is_read_wherever_it_stands(
    actor: dict[str, Any], version: Version
) -> None:
    assert read(statement(actor=actor), version)
    assert read(statement(context={"instructor": actor}), version)
    assert read(statement(object={"objectType": "Agent", **actor}), version)


@both_families
@pytest.mark.parametrize(("actor", "path", "rule"), FAULTS)
def test_an_actor_that_breaks_a_rule_is_refused(
    actor: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(statement(actor=actor), f"actor{path}", rule, version)
    assert_refused(statement(context={"instructor": actor}), f"context.instructor{path}", rule, version)


@pytest.mark.parametrize(
    ("actor", "key"),
    [
        ({"mbox": "mailto:Sam@Example.ORG"}, "mbox|mailto:Sam@example.org"),
        ({"mbox_sha1sum": "ABCDEF" + "0" * 34}, "mbox_sha1sum|abcdef" + "0" * 34),
        ({"openid": "https://id.example.org/sam"}, "openid|https://id.example.org/sam"),
        (MEMBER, "account|https://lms.example/|1"),
        (GROUP, None),
    ],
)
def test_an_actor_has_one_canonical_key(actor: dict[str, Any], key: str | None) -> None:
    assert read(statement(actor=actor)).statement.actor.key == key
