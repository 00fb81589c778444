"""What the two families of the standard, 1.0.x and 2.0.x, see differently in a statement."""

from msgspec import UNSET

from .errors import Invalid
from .formats import instant, is_rfc_3339
from .statements import Statement, SubStatement
from .versions import Version


def check_family(statement: Statement, version: Version) -> None:
    """Raises Invalid, whose path starts at the statement."""
    if statement.version and version is Version.ONE and not statement.version.startswith("1.0"):
        raise Invalid("version", "must be 1.0.x in a request of version 1.0.x")
    if statement.stored is not UNSET:
        _check_time("stored", statement.stored, version)
    _check_said(statement, version)
    if isinstance(statement.object, SubStatement):
        try:
            _check_said(statement.object, version)
        except Invalid as fault:
            raise fault.under("object") from None


def _check_said(said: Statement | SubStatement, version: Version) -> None:
    if said.timestamp is not UNSET:
        _check_time("timestamp", said.timestamp, version)
    if said.context and version is Version.ONE:
        for name in ("contextAgents", "contextGroups"):
            if getattr(said.context, name) is not UNSET:
                raise Invalid(f"context.{name}", "is a property of xAPI 2.0, and not of 1.0.x")


def _check_time(name: str, text: str, version: Version) -> None:
    """Data 4.5 asks for ISO 8601, and xAPI 2.0 for the part of it that RFC 3339 describes."""
    if version is Version.TWO and not is_rfc_3339(text):
        raise Invalid(name, "must be a date and time as in RFC 3339, such as 2026-03-01T09:30:00Z")
    try:
        instant(text)
    except Invalid as fault:
        raise fault.under(name) from None
