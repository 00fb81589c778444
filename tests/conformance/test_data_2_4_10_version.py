"""Data 2.4.10: the version of a statement itself, which each family takes from its own and from older ones."""

import pytest

from learning.xapi import Version

from .data import assert_refused, both_families, read, statement


@both_families
@pytest.mark.parametrize("number", ["1.0", "1.0.0", "1.0.3", "1.0.9"])
def test_either_family_takes_1_0(number: str, version: Version) -> None:
    assert read(statement(version=number), version).statement.version == number


@pytest.mark.parametrize("number", ["2.0", "2.0.0", "2.0.1"])
def test_2_0_is_taken_by_the_newer_family_only(number: str) -> None:
    assert read(statement(version=number), Version.TWO).statement.version == number
    assert_refused(statement(version=number), "version", "1.0.x", Version.ONE)


@both_families
@pytest.mark.parametrize("number", ["0.9.9", "1.1.0", "1", "1.0.", "1.0.0\n", "2.1.0", "3.0.0", "1.0.x"])
def test_no_other_version_is_taken(number: str, version: Version) -> None:
    assert_refused(statement(version=number), "version", "1.0.x", version)
