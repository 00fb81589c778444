"""The rules of the specification, one by one: what is good passes, what is bad says where and why."""

import json
from typing import Any

import pytest

from learning.xapi import Invalid, read_statements, received

from .conftest import statement

AGENT = {"mbox": "mailto:sam@example.org"}
MEMBER = {"account": {"homePage": "https://lms.example/", "name": "1"}}
GROUP = {"objectType": "Group", "member": [MEMBER]}
REFERENCE = {"objectType": "StatementRef", "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
INNER = {"objectType": "SubStatement", **statement()}
FILE = {
    "usageType": "https://example.org/certificate",
    "display": {"en": "Certificate"},
    "contentType": "application/pdf",
    "length": 10,
    "sha2": "a" * 64,
    "fileUrl": "https://example.org/certificate.pdf",
}


def choice(**changes: Any) -> dict[str, Any]:
    definition = {"interactionType": "choice", "choices": [{"id": "a"}, {"id": "b"}]} | changes
    return {"id": "https://example.org/q1", "definition": definition}


GOOD = [
    statement(),
    statement(id="7F6AB9D8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"),
    *[
        statement(actor=actor)
        for actor in (
            AGENT,
            GROUP,
            {"objectType": "Agent", "name": "", **AGENT},
            {"mbox_sha1sum": "a" * 40},
            {"openid": "https://id.example.org/sam"},
            {"objectType": "Group", "account": {"homePage": "https://lms.example/", "name": "ward"}},
        )
    ],
    *[
        statement(object=thing)
        for thing in (
            {"objectType": "Activity", "id": "urn:isbn:0451450523"},
            {
                "id": "https://example.org/kéks",
                "definition": {"name": {"cy": "Cacennau", "zh-Hant-TW": "糕"}},
            },
            {"objectType": "Agent", **AGENT},
            GROUP,
            REFERENCE,
            INNER,
            choice(correctResponsesPattern=["a"]),
            choice(extensions={"https://example.org/x": None}),
        )
    ],
    *[
        statement(timestamp=moment)
        for moment in ("2026-03-01T09:30:00Z", "2026-03-01T09:30:00.1234567+01:00")
    ],
    *[
        statement(result=result)
        for result in (
            {"score": {"scaled": -1, "raw": 5, "min": 0, "max": 10}, "success": True, "completion": False},
            *({"duration": duration} for duration in ("PT5M", "P3Y1M29DT4H35M59.14S", "P4W", "PT0S")),
            {"response": "", "extensions": {"https://example.org/x": {"any": [None, 1, "text"]}}},
        )
    ],
    *[
        statement(context=context)
        for context in (
            {
                "registration": REFERENCE["id"],
                "language": "en-GB",
                "revision": "2",
                "platform": "Ward tablet",
            },
            {"instructor": AGENT, "team": GROUP, "statement": REFERENCE},
            {"contextActivities": {"parent": {"id": "https://example.org/p"}, "other": []}},
            {"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]},
            {"contextGroups": [{"objectType": "contextGroup", "group": GROUP}]},
        )
    ],
    statement(verb=VOIDED, object=REFERENCE),
    statement(attachments=[FILE]),
    statement(authority={"objectType": "Group", "member": [MEMBER, AGENT]}, version="1.0.0"),
]

BAD = [
    # What must be there, and what must not.
    (statement(actor=None), "actor", "is missing"),
    (statement(verb=None), "verb", "is missing"),
    (statement(object=None), "object", "is missing"),
    (statement(colour="blue"), "colour", "not a property"),
    (statement(Actor=AGENT), "Actor", "not a property"),
    (statement() | {"result": None}, "result", "got null"),
    (statement(id="7f6ab9d81f5c4f7e9f0e3c1d2b4a5e6f"), "id", "UUID"),
    (statement(id=""), "id", "UUID"),
    (statement(version="1.1.0"), "version", "1.0.x"),
    # Actors.
    (statement(actor={}), "actor", "one of mbox"),
    (statement(actor="sam"), "actor", "got str"),
    (statement(actor=AGENT | MEMBER), "actor.account", "one identifier"),
    (statement(actor={"mbox": "sam@example.org"}), "actor.mbox", "mailto"),
    (statement(actor={"mbox_sha1sum": "abc"}), "actor.mbox_sha1sum", "SHA-1"),
    (statement(actor={"openid": "sam"}), "actor.openid", "IRI"),
    (statement(actor={"account": {"homePage": "https://lms.example/"}}), "actor.account.name", "missing"),
    (statement(actor={"account": {"homePage": "lms", "name": "1"}}), "actor.account.homePage", "IRI"),
    (statement(actor={"objectType": "agent", **AGENT}), "actor.objectType", "enum"),
    (statement(actor=AGENT | {"member": [MEMBER]}), "actor.member", "only in a Group"),
    (statement(actor={"objectType": "Group"}), "actor.member", "list its members"),
    (statement(actor={"objectType": "Group", "member": []}), "actor.member", "list its members"),
    (
        statement(actor={"objectType": "Group", "member": [MEMBER, GROUP]}),
        "actor.member[1].objectType",
        "group",
    ),
    (statement(actor={"objectType": "Group", "member": [{"mbox": 1}]}), "actor.member[0].mbox", "got int"),
    (statement(actor={"openid": "https://example.org/" + "x" * 3000}), "actor.openid", "2500 bytes"),
    # Verbs and objects.
    (statement(verb={}), "verb.id", "is missing"),
    (statement(verb={"id": "completed"}), "verb.id", "IRI"),
    (statement(verb={"id": "https://example.org/a b"}), "verb.id", "IRI"),
    (statement(verb={"id": "a:b", "display": "did"}), "verb.display", "got str"),
    (statement(verb={"id": "a:b", "display": {"english language": "did"}}), "verb.display", "language tag"),
    (statement(verb={"id": "a:b", "display": {"en": 1}}), "verb.display[...]", "got int"),
    (statement(object=[]), "object", "an object"),
    (statement(object={}), "object.id", "is missing"),
    (statement(object={"objectType": "Course", "id": "a:b"}), "object.objectType", "Activity"),
    (statement(object={"objectType": [], "id": "a:b"}), "object.objectType", "Activity"),
    (statement(object={"id": "a:b", "definition": {"type": "course"}}), "object.definition.type", "IRI"),
    (statement(object={"id": "a:" + "é" * 1300}), "object.id", "2500 bytes"),
    (statement(object=REFERENCE | {"id": "1"}), "object.id", "UUID"),
    (statement(object=choice(interactionType="guess")), "object.definition.interactionType", "enum"),
    (statement(object=choice(interactionType="likert")), "object.definition.choices", "only where"),
    (statement(object=choice(choices=[{"id": "a"}, {"id": "a"}])), "object.definition.choices", "of its own"),
    (
        statement(object={"id": "a:b", "definition": {"correctResponsesPattern": ["a"]}}),
        "object.definition.interactionType",
        "is needed",
    ),
    (statement(object=INNER | {"id": REFERENCE["id"]}), "object.id", "not a property"),
    (statement(object=INNER | {"object": INNER}), "object.object.objectType", "must be one of"),
    (statement(object=INNER | {"actor": {}}), "object.actor", "one of mbox"),
    (statement(verb=VOIDED), "object.objectType", "StatementRef"),
    # Results.
    (statement(result={"success": "true"}), "result.success", "got str"),
    (statement(result={"score": {"scaled": 1.01}}), "result.score.scaled", "<= 1.0"),
    (statement(result={"score": {"scaled": True}}), "result.score.scaled", "got bool"),
    (statement(result={"score": {"min": 5, "max": 5}}), "result.score.min", "less than max"),
    (statement(result={"score": {"raw": 11, "max": 10}}), "result.score.raw", "between"),
    *[
        (statement(result={"duration": duration}), "result.duration", "ISO 8601")
        for duration in ("", "5 minutes", "P", "PT", "P4W1D", "PT1H1D", "P-1D", "P1DT")
    ],
    (statement(result={"extensions": {"grade": 1}}), "result.extensions", "IRI"),
    # Contexts.
    (statement(context={"registration": "1"}), "context.registration", "UUID"),
    (statement(context={"team": AGENT}), "context.team.objectType", "Group"),
    (statement(context={"language": "e"}), "context.language", "language tag"),
    (statement(context={"contextActivities": {"child": []}}), "context.contextActivities.child", "property"),
    (
        statement(context={"contextActivities": {"other": [{"id": "a:b"}, {"id": "b"}]}}),
        "context.contextActivities.other[1].id",
        "IRI",
    ),
    (statement(object=REFERENCE, context={"platform": "x"}), "context.platform", "activity"),
    (statement(context={"contextAgents": [{"agent": {}}]}), "context.contextAgents[0].agent", "one of mbox"),
    # Times.
    *[
        (statement(timestamp=moment), "timestamp", rule)
        for moment, rule in (
            ("yesterday", "ISO 8601"),
            ("2026-03-01", "ISO 8601"),
            ("2026-03-01T09:30:00", "time zone"),
            ("2026-03-01T09:30:00-00:00", "unknown"),
            ("2026-02-30T09:30:00Z", "exist"),
            ("0001-01-01T00:00:00+01:00", "exist"),
        )
    ],
    (statement(stored="now"), "stored", "ISO 8601"),
    # The rest.
    (statement(authority=GROUP), "authority", "two members"),
    (statement(attachments=[FILE | {"length": -1}]), "attachments[0].length", ">= 0"),
    (statement(attachments=[{**FILE, "fileUrl": "x"}]), "attachments[0].fileUrl", "IRI"),
    (
        statement(attachments=[{name: value for name, value in FILE.items() if name != "fileUrl"}]),
        "attachments[0].fileUrl",
        "is needed",
    ),
]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: json.dumps(good)[-60:])
def test_a_statement_that_keeps_the_rules_is_read(good: dict[str, Any]) -> None:
    assert received(good).statement.verb.id == good["verb"]["id"]


@pytest.mark.parametrize(("bad", "path", "rule"), BAD)
def test_a_fault_is_named_with_its_path_and_rule(bad: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(Invalid) as fault:
        received(bad)
    assert (fault.value.path, rule in fault.value.rule) == (path, True), fault.value


@pytest.mark.parametrize(
    ("body", "path", "rule"),
    [
        (b"", "", "JSON"),
        (b"{", "", "JSON"),
        (b"\xff\xfe", "", "UTF-8"),
        (b"1", "", "JSON object"),
        (b"[1]", "[0]", "JSON object"),
        (b'{"actor": {}, "actor": {}}', "", "'actor' appears twice"),
        (b'{"result": {"score": {"raw": NaN}}}', "", "NaN"),
        (b'{"result": {"score": {"raw": 1e999}}}', "", "too large"),
        (b'{"result": ' + b"9" * 5000 + b"}", "", "too large"),
        (b'{"name": "\\ud800"}', "", "surrogate"),
        (b'{"name": "\\u0000"}', "", "U+0000"),
        (b"[" * 100_000, "", "too deeply"),
        (b'{"a":' * 100_000, "", "too deeply"),
    ],
)
def test_json_that_leaves_something_open_is_refused(body: bytes, path: str, rule: str) -> None:
    with pytest.raises(Invalid) as fault:
        read_statements(body)
    assert (fault.value.path, rule in fault.value.rule) == (path, True), fault.value


def test_an_escaped_backslash_before_u0000_is_only_text() -> None:
    body = json.dumps(statement(result={"response": r"\u0000"})).encode()
    assert rb"\\u0000" in bytes(read_statements(body)[0].properties["result"])


def test_a_fault_in_a_batch_says_which_statement() -> None:
    with pytest.raises(Invalid) as fault:
        read_statements(json.dumps([statement(), statement(actor=None)]).encode())
    assert fault.value.path == "[1].actor"


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
    assert received(statement(actor=actor)).statement.actor.key == key
