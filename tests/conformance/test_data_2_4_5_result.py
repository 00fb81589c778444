"""Data 2.4.5: results and scores."""

from typing import Any

import pytest

from learning.xapi import Version

from .data import EXTENSION, assert_refused, both_families, inner, read, statement


@both_families
@pytest.mark.parametrize(
    "result",
    [
        {},
        {"score": {}},
        {"score": {"scaled": -1, "raw": 5, "min": 0, "max": 10}, "success": True, "completion": False},
        {"score": {"raw": 10, "max": 10}},
        {"score": {"raw": -5.25, "min": -6}},
        {"response": "", "extensions": {EXTENSION: {"any": [None, 1, "text"]}}},
        {"duration": "PT12M30S", "extensions": {}},
    ],
)
def test_a_result_is_read(result: dict[str, Any], version: Version) -> None:
    assert read(statement(result=result), version)
    assert read(statement(object=inner(result=result)), version)


@both_families
@pytest.mark.parametrize(
    ("result", "path", "rule"),
    [
        ({"score": 5}, ".score", "must be of type object"),
        ({"score": {"scaled": 1.01}}, ".score.scaled", "<= 1.0"),
        ({"score": {"scaled": -1.01}}, ".score.scaled", ">= -1.0"),
        ({"score": {"min": 5, "max": 5}}, ".score.min", "less than max"),
        ({"score": {"raw": 11, "max": 10}}, ".score.raw", "between"),
        ({"score": {"raw": -1, "min": 0}}, ".score.raw", "between"),
        ({"extensions": {"grade": 1}}, ".extensions", "IRI"),
    ],
)
def test_a_result_that_breaks_a_rule_is_refused(
    result: dict[str, Any], path: str, rule: str, version: Version
) -> None:
    assert_refused(statement(result=result), f"result{path}", rule, version)
    assert_refused(statement(object=inner(result=result)), f"object.result{path}", rule, version)
