"""What may be read from the record, and by whom."""

from .attachments import attached_files
from .credentials import credential_of
from .pages import statement_page
from .shaped import shaped
from .statements import consistent_through, readable_statements

__all__ = [
    "attached_files",
    "consistent_through",
    "credential_of",
    "readable_statements",
    "shaped",
    "statement_page",
]
