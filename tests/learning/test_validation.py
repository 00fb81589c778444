"""Reading bytes: what JSON leaves open is closed, quickly, and no bytes can do worse than be refused.

The rules for statements themselves are tried in tests/conformance, by the sections of the specification.
"""

import json
import re
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.xapi import Invalid, Version, each_statement, read_statements, received
from learning.xapi.reading import MOST_IN_BATCH, read_as
from learning.xapi.strictness import MOST_NESTED, check_strictly, is_plainly_strict

from .conftest import statement

EXTENSION = "https://example.org/x"
AGENT = {"objectType": "Agent", "mbox": "mailto:sam@example.org"}
GROUP = {"objectType": "Group", "name": "Ward 4", "openid": "a:b", "member": [AGENT]}
ACTIVITY = {
    "objectType": "Activity",
    "id": "a:b",
    "definition": {
        "name": {"en": "Name: long"},
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"en": "A"}}],
        "correctResponsesPattern": ["a"],
        "extensions": {EXTENSION: {"a": [{"b": ":"}]}},
    },
}
SAID: dict[str, Any] = {
    "actor": {"account": {"homePage": "https://lms.example/", "name": "1"}},
    "verb": {"id": "a:b", "display": {"en": "did"}},
    "result": {"score": {"scaled": 1, "raw": 1.0}, "success": True, "duration": "PT1S"},
    "context": {
        "instructor": AGENT,
        "team": GROUP,
        "contextActivities": {"parent": ACTIVITY, "other": [ACTIVITY]},
        "contextAgents": [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["a:b"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": GROUP}],
        "statement": {"objectType": "StatementRef", "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"},
        "extensions": {EXTENSION: None},
    },
    "timestamp": "2026-03-01T09:30:00Z",
    "attachments": [
        {
            "usageType": "a:b",
            "display": {"en": "File"},
            "contentType": "text/plain",
            "length": 1,
            "sha2": "a" * 64,
        }
    ],
}
# Every structure there is, with what can be said in it.
FULL = SAID | {
    "object": {"objectType": "SubStatement", "object": ACTIVITY, **SAID},
    "authority": AGENT,
    "version": "2.0.0",
}


def said_with(text: bytes) -> bytes:
    """A good statement, with `text` as the value of an extension."""
    body = json.dumps(statement(result={"extensions": {EXTENSION: "VALUE"}})).encode()
    return body.replace(b'"VALUE"', text)


def outcome(body: bytes) -> str:
    try:
        read_statements(body)
    except Invalid as fault:
        return str(fault)
    return "good"


@pytest.mark.parametrize(
    ("body", "path", "rule"),
    [
        (b"", "", "JSON"),
        (b"{", "", "JSON"),
        (b"[{}", "", "JSON"),
        (b"\xff\xfe", "", "UTF-8"),
        (b"1", "", "must be of type object, not whole number"),
        (b"[1]", "[0]", "must be of type object"),
        (b"null", "", "must be of type object"),
        (b'{"actor": {}, "actor": {}}', "", "'actor' appears twice"),
        (b'{"result": {"score": {"raw": NaN}}}', "", "NaN"),
        (b'{"result": {"score": {"raw": 1e999}}}', "", "too large"),
        (b'{"result": ' + b"9" * 5000 + b"}", "", "too large"),
        (b'{"name": "\\ud800"}', "", "surrogate"),
        (b'{"name": "\\u0000"}', "", "U+0000"),
        (b'{"a":' * 100_000, "", "too deeply"),
        (b'{"a":"' + b'\\"' * 100_000, "", "JSON"),
    ],
)
def test_json_that_leaves_something_open_is_refused(body: bytes, path: str, rule: str) -> None:
    with pytest.raises(Invalid) as fault:
        read_statements(body)
    assert (fault.value.path, rule in fault.value.rule) == (path, True), fault.value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b'{"a": 1, "a": 1}', "'a' appears twice"),
        (b'{"a" : 1,"a"\n: 1}', "'a' appears twice"),
        (b'{"a": 1, "\\u0061": 1}', "'a' appears twice"),
        (b'{"b":1,"b":"\\u003a"}', "'b' appears twice"),
        (b'{"b":"\\u003A","b":1}', "'b' appears twice"),
        (b'[{"a": {"b": ":"}, "a": null}]', "'a' appears twice"),
        (b"9" * 301, "too large"),
        (b"-" + b"9" * 400, "too large"),
        (b"9" * 400 + b".5", "too large"),
        (b'"\\u0000"', "U+0000"),
        (b'{"\\u0000": 1}', "U+0000"),
        (b'"\\udc00"', "surrogate"),
        (b'"\\ud83dx"', "surrogate"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b'"\x01"', "JSON"),
        (b"Infinity", "Infinity"),
        (b"[" * 5000 + b"]" * 5000, "too deeply"),
    ],
)
def test_so_it_is_in_an_extension(text: bytes, rule: str) -> None:
    with pytest.raises(Invalid, match=re.escape(rule)):
        read_statements(said_with(text))


@pytest.mark.parametrize(
    "text",
    [
        rb'"\\u0000"',
        rb'"\ud83d\ude00"',
        '"ŵ 😀 \u2028"'.encode(),
        rb'"a \": b"',
        b'": :"',
        b'{"a": "b\\u003a", "b": {"a": ":"}}',
        b"9" * 300,
        b"1e308",
        b"1e-999",
        b'"' + b"9" * 1000 + b'"',
        b"[" * 90 + b"]" * 90,
        b'"' + b"[" * 5000 + b'"',
        b"[" + b"{}," * 5000 + b"{}]",
    ],
)
def test_what_only_looks_like_a_fault_is_read(text: bytes) -> None:
    assert bytes(read_statements(said_with(text))[0].properties["result"]).endswith(text + b"}}")


def test_each_property_keeps_its_own_text() -> None:
    body = b' {"object" : {"id":"a:b" } ,\n"verb":{"id":"a:b"},"actor":{"mbox":"mailto:a@b"}}\n'
    properties = read_statements(body)[0].properties
    assert {name: bytes(text) for name, text in properties.items()} == {
        "object": b'{"id":"a:b" }',
        "verb": b'{"id":"a:b"}',
        "actor": b'{"mbox":"mailto:a@b"}',
    }


def test_a_property_that_appears_twice_is_found_wherever_it_stands() -> None:
    whole = json.dumps(FULL)
    assert is_plainly_strict(whole.encode(), read_statements(whole.encode(), Version.TWO)[0].statement)
    names = list(re.finditer(r'"[^"]+": ', whole))
    assert len(names) > 60
    for name in names:
        for value in ('"x"', "{}", '[{"a": 1}]'):
            body = f"{whole[: name.start()]}{name[0]}{value}, {whole[name.start() :]}".encode()
            with pytest.raises(Invalid, match="appears twice in one object"):
                read_statements(body, Version.TWO)


def test_a_property_that_appears_twice_among_very_many_is_found_at_once() -> None:
    """Each compared with each, these would take a quarter of an hour."""
    many = "".join(f'"p{number}":0,' for number in range(200_000))
    whole = json.dumps(FULL | {"result": {"extensions": {EXTENSION: {"z": 1}}}})
    body = whole.replace('{"z": 1}', f'{{{many}"z":1,"z":2}}').encode()
    began = time.process_time()
    with pytest.raises(Invalid, match="'z' appears twice"):
        read_statements(body, Version.TWO)
    assert time.process_time() - began < 10


def test_nesting_has_a_limit_of_its_own_that_recursion_never_reaches() -> None:
    deepest = MOST_NESTED - 3

    def far_down(levels: int) -> str:
        return far_down(levels - 1) if levels else outcome(said_with(b"[" * deepest + b"]" * deepest))

    assert far_down(600) == "good"
    assert "too deeply" in outcome(said_with(b"[" * (deepest + 1) + b"]" * (deepest + 1)))


# Batches.


def test_a_fault_in_a_batch_says_which_statement() -> None:
    with pytest.raises(Invalid) as fault:
        read_statements(json.dumps([statement(), statement(actor=None)]).encode())
    assert fault.value.path == "[1].actor"


def test_a_batch_may_be_empty_and_has_a_most() -> None:
    one = json.dumps(statement()).encode()
    assert read_statements(b" [ ] ") == []
    assert len(read_statements(b"[" + b",".join([one] * MOST_IN_BATCH) + b"]")) == MOST_IN_BATCH
    with pytest.raises(Invalid, match=f"no more than {MOST_IN_BATCH} statements"):
        read_statements(b"[" + b",".join([b"{}"] * (MOST_IN_BATCH + 1)) + b"]")


def test_a_batch_is_read_one_statement_after_the_other() -> None:
    batch = each_statement(json.dumps([statement(), statement(verb=None)]).encode())
    assert next(batch).statement.verb.id == statement()["verb"]["id"]
    with pytest.raises(Invalid, match=r"^\[1\]\.verb: is missing"):
        next(batch)


def test_a_large_batch_takes_little_more_room_than_its_text() -> None:
    one = json.dumps(statement(result={"response": "x" * 600})).encode()
    body = b"[" + b",".join([one] * 5_000) + b"]"
    tracemalloc.start()
    count = sum(1 for _ in each_statement(body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5_000
    assert peak < len(body)


def test_what_is_built_here_keeps_the_same_rules() -> None:
    context = {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@b"}}]}
    assert received(statement(context=context), Version.TWO).statement.context
    assert "of xAPI 2.0" in outcome_of(lambda: received(statement(context=context)))
    assert "must be JSON" in outcome_of(
        lambda: received(statement(result={"extensions": {EXTENSION: object()}}))
    )


def outcome_of(read: Callable[[], Any]) -> str:
    try:
        read()
    except Invalid as fault:
        return str(fault)
    return "good"


# Whatever comes.

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [":", '":', '" :', "\\u003a"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(texts, inner), max_size=4),
    max_leaves=12,
)


@st.composite
def json_texts(draw: st.DrawFn) -> bytes:
    """JSON with properties that may appear twice, with escapes and white space as they come."""
    return _written(draw, draw(values)).encode()


def _written(draw: st.DrawFn, value: Any) -> str:
    space = draw(st.sampled_from(["", "", " ", "\n\t"]))
    if isinstance(value, list) and value and all(isinstance(part, tuple) for part in value):
        parts = [f"{_string(draw, name)}{space}:{space}{_written(draw, part)}" for name, part in value]
        return "{" + f"{space},".join(parts) + space + "}"
    if isinstance(value, list):
        return "[" + f",{space}".join(_written(draw, part) for part in value) + "]"
    return _string(draw, value) if isinstance(value, str) else json.dumps(value)


def _string(draw: st.DrawFn, text: str) -> str:
    if draw(st.booleans()):
        return "".join(['"', *(f"\\u{unit:04x}" for unit in _utf_16(text)), '"'])
    return json.dumps(text, ensure_ascii=draw(st.booleans()))


def _utf_16(text: str) -> list[int]:
    encoded = text.encode("utf-16-be")
    return [int.from_bytes(encoded[place : place + 2], "big") for place in range(0, len(encoded), 2)]


def is_strict(text: bytes) -> bool:
    try:
        check_strictly(text)
    except Invalid:
        return False
    return True


@given(json_texts())
def test_the_quick_proof_never_passes_what_the_slow_check_refuses(text: bytes) -> None:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return
    assert is_strict(text) or not is_plainly_strict(text, value)


@given(json_texts())
def test_reading_accepts_exactly_what_the_slow_check_accepts(text: bytes) -> None:
    anything: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
    assert (outcome_of(lambda: read_as(text, anything)) == "good") == is_strict(text)
    assert (outcome(said_with(text)) == "good") == is_strict(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert outcome(body)
    assert outcome(said_with(body))


@given(st.integers(min_value=0), st.binary(max_size=3), st.integers(0, 6))
def test_a_good_statement_with_some_bytes_changed_is_read_or_refused(
    place: int, new: bytes, length: int
) -> None:
    whole = said_with(b'{"a": [1, null, "\\u00e9"]}')
    place %= len(whole)
    assert outcome(whole[:place] + new + whole[place + length :])
