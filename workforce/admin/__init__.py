"""The administration site for who works where. Organisations are never deleted, and history is not edited."""

from . import records, staff_lists

__all__ = ["records", "staff_lists"]
