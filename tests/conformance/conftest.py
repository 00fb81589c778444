"""The door to the record is that of the tests of the record itself."""

from tests.learning.conftest import door, lms

__all__ = ["door", "lms"]
