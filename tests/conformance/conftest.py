"""The record's front door, for those of these tests that knock on it."""

from collections.abc import Callable

import pytest

from tests.learning.conftest import Door, door, lms

from .resources import Record

__all__ = ["door", "lms"]


@pytest.fixture
def record(door: Callable[..., Door]) -> Record:
    return Record(door("all"))
