"""Statements to try the rules of xAPI-Data on, and the two questions that the tests there ask."""

import json
from typing import Any

import pytest

from learning.xapi import Invalid, Received, Version, read_statements

AGENT = {"mbox": "mailto:sam@example.org"}
MEMBER = {"account": {"homePage": "https://lms.example/", "name": "1"}}
GROUP = {"objectType": "Group", "member": [MEMBER]}
REFERENCE = {"objectType": "StatementRef", "id": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
EXTENSION = "https://example.org/x"

both_families = pytest.mark.parametrize("version", list(Version))


def statement(**changes: Any) -> dict[str, Any]:
    """A small statement that keeps every rule, with some properties changed; ... leaves one out."""
    whole = {
        "actor": {"account": {"homePage": "https://lms.example/", "name": "7431"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}},
        "object": {"id": "https://lms.example/courses/sepsis"},
    } | changes
    return {name: value for name, value in whole.items() if value is not ...}


def inner(**changes: Any) -> dict[str, Any]:
    """The same as a statement within a statement."""
    return {"objectType": "SubStatement", **statement(**changes)}


def read(said: Any, version: Version = Version.ONE) -> Received:
    """It is taken; otherwise Invalid says why."""
    return read_statements(json.dumps(said).encode(), version)[0]


def fault_in(said: Any, version: Version = Version.ONE) -> Invalid:
    """It is refused, and this is why."""
    with pytest.raises(Invalid) as fault:
        read(said, version)
    return fault.value


def assert_refused(said: Any, path: str, rule: str, version: Version = Version.ONE) -> None:
    fault = fault_in(said, version)
    assert (fault.path, rule in fault.rule) == (path, True), fault
