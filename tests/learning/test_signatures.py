"""Signed statements, without a database: what a signature must be like, and what it must sign."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.xapi import Invalid, each_statement
from learning.xapi.multipart import SentFile
from learning.xapi.signatures import signed_payload, with_right_signatures

from .conftest import statement
from .mixed import TEXT, attachment, sha2
from .signing import certificate, signature, signed

NAME = "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"
SAID = statement(timestamp="2026-03-01T09:30:00Z")


def kept(*contents: bytes) -> dict[str, SentFile]:
    return {
        sha2(content): SentFile(1, sha2(content), "", len(content), False, io.BytesIO(content), 0)
        for content in contents
    }


def check(body: Any, *contents: bytes) -> None:
    entries = each_statement(json.dumps(body).encode())
    list(with_right_signatures(entries, kept(*contents), in_list=isinstance(body, list)))


def fault_of(body: Any, *contents: bytes) -> tuple[str, str]:
    with pytest.raises(Invalid) as fault:
        check(body, *contents)
    return fault.value.path, fault.value.rule


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize(
    "header", [{}, {"x5c": [certificate(), certificate(2)]}, {"typ": "JOSE", "of": "ours"}]
)
def test_a_statement_may_be_signed(algorithm: str, header: dict[str, Any]) -> None:
    file = signature(SAID, algorithm, **header)
    check(signed(SAID, file), file)


@pytest.mark.parametrize(
    ("signs", "sends"),
    [
        # What the record may set or others may say (Data 2.3.1) may differ.
        ({"timestamp": None}, {}),
        ({"timestamp": "2026-03-01T10:30:00+01:00"}, {}),
        ({"id": NAME}, {"id": NAME.upper()}),
        ({"id": NAME}, {}),
        ({}, {"id": NAME}),
        ({"verb": SAID["verb"] | {"display": {"cy": "cwblhawyd"}}}, {}),
        ({"object": SAID["object"] | {"definition": {"name": {"en": "Sepsis"}}}}, {}),
        ({"attachments": [attachment()]}, {"attachments": [attachment()]}),
        ({"attachments": []}, {}),
    ],
)
def test_the_statement_may_differ_in_what_is_not_of_it(signs: dict[str, Any], sends: dict[str, Any]) -> None:
    file = signature({name: value for name, value in (SAID | signs).items() if value is not None})
    check(signed(SAID | sends, file), file, TEXT)


def test_a_statement_may_be_signed_by_two_people() -> None:
    first = signature(SAID)
    once = signed(SAID, first)
    second = signature(once, "RS512")
    check([once, signed(once, second)], first, second)


@pytest.mark.parametrize(
    "signs",
    [
        SAID | {"actor": {"mbox": "mailto:somebody.else@example.org"}},
        SAID | {"result": {"success": True}},
        SAID | {"timestamp": "2026-03-01T09:30:01Z"},
        SAID | {"attachments": [attachment()]},
    ],
)
def test_a_signature_for_another_statement_is_refused(signs: dict[str, Any]) -> None:
    file = signature(signs)
    assert fault_of(signed(SAID, file), file) == (
        "attachments[0]",
        "is a signature, and the statement that it signs differs from this one",
    )


def test_a_signature_for_another_id_is_refused() -> None:
    file = signature(SAID | {"id": NAME})
    assert "another id" in fault_of(signed(SAID | {"id": NAME.replace("7", "8")}, file), file)[1]


@pytest.mark.parametrize("payload", [b"{'id': 1}", b"[]", b"", b'{"actor": 7}', b"\xff"])
def test_what_is_signed_must_be_a_statement(payload: bytes) -> None:
    file = signature(payload)
    assert "not a valid statement" in fault_of(signed(SAID, file), file)[1]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "compact serialisation"),
        (TEXT, "compact serialisation"),
        (b"..", "compact serialisation"),
        (b"e30.e30.e30", "compact serialisation"),
        (b"bnVsbA.e30.e30", "compact serialisation"),
        (b'{"payload": "e30", "signatures": []}', "compact serialisation"),
        (signature(SAID, "HS256"), "RS256, RS384, RS512"),
        (signature(SAID, "PS256"), "RS256, RS384, RS512"),
        (signature(SAID, x5c=[certificate(2), certificate()]), "not that of the key"),
        (signature(SAID, x5c=[certificate()])[:-8] + b"AAAAAAAA", "not that of the key"),
        (signature(SAID, x5c=[]), "X.509"),
        (signature(SAID, x5c=["MIIB"]), "X.509"),
        (signature(SAID, x5c=["é"]), "X.509"),
        (signature(SAID, x5c=[certificate(is_elliptic=True)]), "RSA"),
        (signature(b"a" * 1024 * 1024), "no larger"),
    ],
)
def test_a_signature_that_is_not_well_formed_is_refused(file: bytes, words: str) -> None:
    path, rule = fault_of([SAID, signed(SAID, file)], file)
    assert (path, words in rule) == ("[1].attachments[0]", True), rule


def test_a_signature_has_one_media_type() -> None:
    file = signature(SAID)
    path, rule = fault_of(signed(SAID, file, contentType="text/plain"), file)
    assert (path, rule) == ("attachments[0].contentType", "must be application/octet-stream for a signature")


def test_a_signature_must_be_sent_along() -> None:
    file = signature(SAID)
    assert fault_of(signed(SAID, file, fileUrl="https://example.org/signature"))[0] == "attachments[0]"


def test_other_attachments_are_not_taken_for_signatures() -> None:
    check(SAID | {"attachments": [attachment()]}, TEXT)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(), st.lists(st.binary().map(lambda part: signature(part).split(b".")[1])).map(b".".join)
    )
)
def test_no_file_breaks_the_reading_of_signatures(file: bytes) -> None:
    with suppress(Invalid):
        signed_payload(file)
