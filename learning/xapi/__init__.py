"""The wire format of the Experience API (xAPI 1.0.3, and 2.0 which is IEEE 9274.1.1): read, check, compare.

A library of its own: it knows no database and no web framework. "Data 2.4" and the like in the files here name
sections of the specification's parts xAPI-Data and xAPI-Communication (github.com/adlnet/xAPI-Spec).
"""

from .errors import Invalid
from .reading import Received, each_statement, read_statement, read_statements, received
from .sameness import same_statement
from .versions import Version

__all__ = [
    "Invalid",
    "Received",
    "Version",
    "each_statement",
    "read_statement",
    "read_statements",
    "received",
    "same_statement",
]
