"""What may be read from the record, and by whom."""

from .credentials import credential_for, credential_of
from .pages import statement_page
from .statements import consistent_through, readable_statements

__all__ = [
    "consistent_through",
    "credential_for",
    "credential_of",
    "readable_statements",
    "statement_page",
]
