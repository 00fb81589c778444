"""Data 2.3.1: when two statements with one id are the same, and when they are not."""

import json
from typing import Any

import pytest

from learning.xapi import same_statement

from .data import AGENT, EXTENSION, GROUP, MEMBER, REFERENCE, inner, statement

FILE = {
    "usageType": "https://example.org/certificate",
    "display": {"en": "Certificate"},
    "contentType": "application/pdf",
    "length": 10,
    "sha2": "a" * 64,
}
SIGNATURE = FILE | {"usageType": "http://adlnet.gov/expapi/attachments/signature"}
BOTH = {"objectType": "Group", "member": [MEMBER, AGENT]}


def same(kept: dict[str, Any], sent: dict[str, Any]) -> bool:
    answers = {
        same_statement(json.dumps(kept), json.dumps(sent)),
        same_statement(json.dumps(sent), json.dumps(kept)),
    }
    assert len(answers) == 1
    return answers.pop()


def activity(**definition: Any) -> dict[str, Any]:
    return {"id": "a:b", "definition": definition}


def parents(value: object) -> dict[str, Any]:
    return {"contextActivities": {"parent": value}}


@pytest.mark.parametrize(
    ("kept", "sent"),
    [
        (statement(), dict(reversed(statement().items()))),
        (statement(id=REFERENCE["id"]), statement(id=REFERENCE["id"].upper())),
        (statement(stored="2026-03-01T09:30:00Z", authority=AGENT, version="1.0.0"), statement()),
        (statement(timestamp="2026-03-01T09:30:00Z"), statement()),
        (statement(timestamp="2026-03-01T09:30:00Z"), statement(timestamp="2026-03-01T10:30:00.000+01:00")),
        (statement(verb={"id": "a:b", "display": {"en": "did"}}), statement(verb={"id": "a:b"})),
        (statement(object=activity(type="a:b")), statement(object={"objectType": "Activity", "id": "a:b"})),
        (statement(actor=BOTH), statement(actor=BOTH | {"member": [AGENT, MEMBER]})),
        (statement(actor=AGENT), statement(actor={"objectType": "Agent", "mbox": "mailto:sam@EXAMPLE.org"})),
        (statement(context=parents([{"id": "a:b"}])), statement(context=parents(activity(type="a:b")))),
        (statement(context={"language": "en-GB"}), statement(context={"language": "en-gb"})),
        (statement(object=REFERENCE), statement(object=REFERENCE | {"id": REFERENCE["id"].upper()})),
        (statement(object=inner(object=activity(type="a:b"))), statement(object=inner(object=activity()))),
        (statement(attachments=[FILE, SIGNATURE]), statement(attachments=[FILE])),
        (statement(attachments=[SIGNATURE]), statement()),
        (statement(attachments=[FILE]), statement(attachments=[FILE | {"sha2": "A" * 64}])),
        (statement(result={"duration": "PT1.1237S"}), statement(result={"duration": "PT1.12S"})),
    ],
)
def test_what_may_change_makes_no_difference(kept: dict[str, Any], sent: dict[str, Any]) -> None:
    assert same(kept, sent)


@pytest.mark.parametrize(
    ("kept", "sent"),
    [
        (statement(id=REFERENCE["id"]), statement(id=REFERENCE["id"].replace("7", "8"))),
        (statement(), statement(verb={"id": "a:b"})),
        (statement(), statement(actor=AGENT)),
        (statement(actor=AGENT), statement(actor=AGENT | {"name": "Sam"})),
        (statement(actor=BOTH), statement(actor=GROUP)),
        (statement(), statement(result={"success": True})),
        (statement(result={"success": True}), statement(result={"success": False})),
        (statement(result={"duration": "PT60S"}), statement(result={"duration": "PT1M"})),
        (statement(result={"duration": "PT1.12S"}), statement(result={"duration": "PT1.13S"})),
        (
            statement(result={"extensions": {EXTENSION: True}}),
            statement(result={"extensions": {EXTENSION: 1}}),
        ),
        (statement(object={"id": "a:b"}), statement(object={"id": "a:B"})),
        (statement(object={"id": "a:b"}), statement(object={"objectType": "Agent", **AGENT})),
        (statement(object=inner()), statement(object=inner(verb={"id": "a:b"}))),
        (statement(object=inner(timestamp="2026-03-01T09:30:00Z")), statement(object=inner())),
        (statement(context=parents([{"id": "a:b"}])), statement(context=parents([{"id": "a:c"}]))),
        (
            statement(timestamp="2026-03-01T09:30:00Z"),
            statement(timestamp="2026-03-01T09:30:01Z"),
        ),
        (statement(attachments=[FILE]), statement()),
        (
            statement(context={"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]}),
            statement(context={"contextAgents": [{"objectType": "contextAgent", "agent": MEMBER}]}),
        ),
    ],
)
def test_anything_else_does(kept: dict[str, Any], sent: dict[str, Any]) -> None:
    assert not same(kept, sent)
