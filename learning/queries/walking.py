"""Walking through any number of statements in the order in which they were stored, a page at a time.

No transaction stays open between two pages, as one cursor in the database would need: the walk may take hours, and
`consistent_through` and the clearing of dead rows wait for the oldest transaction.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.utils import timezone

from workforce.models import Organisation

from ..models import Credential, Statement
from ..xapi.parameters import Cursor
from .statements import readable_statements

LAST_ID = UUID(int=2**128 - 1)


def beyond(statements: QuerySet[Statement], place: Cursor, *, backwards: bool = False) -> QuerySet[Statement]:
    """Those that were stored after a place, or before it. As a pair, which is what an index can answer."""
    here = Func(F("stored"), F("id"), function="ROW")
    there = Func(Value(place.stored), Value(place.id), function="ROW")
    sign = " < " if backwards else " > "
    return statements.filter(
        Func(here, there, arg_joiner=sign, template="(%(expressions)s)", output_field=BooleanField())
    )


def walk(
    statements: QuerySet[Statement], size: int = 1000, *, backwards: bool = False
) -> Iterator[list[str]]:
    """The payloads, in lists of `size` at most."""
    order = ("-stored", "-id") if backwards else ("stored", "id")
    pages = statements.order_by(*order).values_list("stored", "id", "payload")
    rows = list(pages[:size])
    while rows:
        yield [payload for _, _, payload in rows]
        if len(rows) < size:
            return
        rest = beyond(statements, Cursor(*rows[-1][:2]), backwards=backwards)
        rows = list(rest.order_by(*order).values_list("stored", "id", "payload")[:size])


def statements_of(organisation: Organisation, on: date | None = None) -> QuerySet[Statement]:
    """What an organisation's people did, and what its systems wrote."""
    # Nobody's credential, with the organisation's right to read: no row has the id 0.
    reader = Credential(pk=0, organisation=organisation, scopes=[Credential.Scope.READ_ALL])
    readable = readable_statements(reader, on or timezone.localdate())
    return readable | Statement.objects.filter(credential__organisation=organisation)


def as_line(payload: str) -> str:
    """A payload on one line. JSON text holds no raw line break, so one can only stand between its parts."""
    return payload.replace("\n", " ").replace("\r", " ")
