"""Data 2.4.11: what is said of an attached file. Whether the file came too is a question to the request."""

from typing import Any

import pytest

from learning.xapi import Version

from .data import assert_refused, both_families, inner, read, statement

FILE: dict[str, Any] = {
    "usageType": "https://example.org/certificate",
    "display": {"en": "Certificate"},
    "contentType": "application/pdf",
    "length": 10,
    "sha2": "a" * 64,
}


@both_families
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"description": {"en": "Signed"}, "fileUrl": "https://example.org/certificate.pdf"},
        {"contentType": "text/plain; charset=utf-8", "length": 0},
        {"sha2": "B" * 128},
    ],
)
def test_an_attachment_is_read(more: dict[str, Any], version: Version) -> None:
    assert read(statement(attachments=[FILE | more]), version).statement.attachments
    assert read(statement(object=inner(attachments=[FILE | more])), version)


@both_families
@pytest.mark.parametrize(
    ("more", "path", "rule"),
    [
        ({"usageType": "certificate"}, ".usageType", "IRI"),
        ({"display": "Certificate"}, ".display", "must be of type object"),
        ({"contentType": "pdf"}, ".contentType", "media type"),
        ({"length": -1}, ".length", ">= 0"),
        ({"length": 1.5}, ".length", "must be of type whole number"),
        ({"length": "10"}, ".length", "must be of type whole number"),
        ({"sha2": "a" * 63}, ".sha2", "SHA-2"),
        ({"sha2": "g" * 64}, ".sha2", "SHA-2"),
        ({"fileUrl": "x"}, ".fileUrl", "IRI"),
        ({"content": "x"}, ".content", "not a property"),
    ],
)
def test_an_attachment_that_breaks_a_rule_is_refused(
    more: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(statement(attachments=[FILE | more]), f"attachments[0]{path}", rule, version)


@both_families
@pytest.mark.parametrize("name", list(FILE))
def test_an_attachment_needs_all_but_its_description_and_address(name: str, version: Version) -> None:
    file = {key: value for key, value in FILE.items() if key != name}
    assert_refused(statement(attachments=[file]), f"attachments[0].{name}", "is missing", version)
