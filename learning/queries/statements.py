"""What may be read from the record, by whom, page by page."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.fields import BooleanField
from django.utils import timezone

from workforce.models import Organisation, Post, Seat

from ..models import Actor, Credential, Statement, StatementActivity, StatementActor
from ..xapi.parameters import Asked, Cursor

_ALL = (Credential.Scope.READ, Credential.Scope.READ_ALL, Credential.Scope.ALL)

# Whatever is being stored right now was given its time after its transaction began.
_OLDEST_TRANSACTION = """
    SELECT min(xact_start) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Page(NamedTuple):
    """Payloads in order, and where the next page starts; None on the last page."""

    payloads: list[str]
    after: Cursor | None


def readable_statements(credential: Credential, on: date) -> QuerySet[Statement]:
    """The statements that a credential may read on a day: nothing at all without a scope that reads."""
    written_by_it = Q(credential=credential)
    if not credential.allows(*_ALL):
        may_read = credential.allows(Credential.Scope.READ_MINE)
        return Statement.objects.filter(written_by_it) if may_read else Statement.objects.none()
    if credential.organisation is None:
        return Statement.objects.all()
    return Statement.objects.filter(
        written_by_it | Q(actor__in=actors_of(credential.organisation, on).values("pk"))
    )


def actors_of(organisation: Organisation, on: date) -> QuerySet[Actor]:
    """The actors behind which stand people with a post or a seat in the organisation on a day."""
    posts = Post.objects.filter(
        membership__organisation=organisation, superseded_at=None, during__contains=on
    )
    seats = Seat.objects.filter(committee__organisation=organisation, during__contains=on)
    return Actor.objects.filter(
        Q(user__in=posts.values("membership__user")) | Q(user__in=seats.values("user"))
    )


def statement_page(asked: Asked, readable: QuerySet[Statement]) -> Page:
    """One page of the standing statements that match, newest first unless asked otherwise.

    The next page starts after the last (stored, id) of this one, so that a page costs the same however deep it
    lies, and statements stored meanwhile neither repeat nor hide any.
    """
    order = ("stored", "id") if asked.ascending else ("-stored", "-id")
    matching = _after_cursor(_matching(asked, readable.filter(voided_by__isnull=True)), asked)
    rows = list(matching.order_by(*order).values_list("stored", "id", "payload")[: asked.limit + 1])
    shown = rows[: asked.limit]
    after = Cursor(*shown[-1][:2]) if len(rows) > asked.limit else None
    return Page([payload for _, _, payload in shown], after)


def consistent_through() -> datetime:
    """Up to when every statement that was stored can be read; a second is left for clocks that differ."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_TRANSACTION)
        oldest = cursor.fetchone()[0] or timezone.now()
    return min(oldest.astimezone(UTC), timezone.now()) - timedelta(seconds=1)


def _matching(asked: Asked, statements: QuerySet[Statement]) -> QuerySet[Statement]:
    found = statements
    if asked.agent:
        links = StatementActor.objects.filter(target__identifier=asked.agent)
        if not asked.related_agents:
            links = links.filter(usage__in=["actor", "object"])
        found = found.filter(pk__in=links.values("statement"))
    if asked.activity:
        uses = StatementActivity.objects.filter(target__iri=asked.activity)
        if not asked.related_activities:
            uses = uses.filter(usage="object")
        found = found.filter(pk__in=uses.values("statement"))
    if asked.verb:
        found = found.filter(verb=asked.verb)
    if asked.registration:
        found = found.filter(registration=asked.registration)
    if asked.since:
        found = found.filter(stored__gt=asked.since)
    return found.filter(stored__lte=asked.until) if asked.until else found


def _after_cursor(statements: QuerySet[Statement], asked: Asked) -> QuerySet[Statement]:
    """Compared as a pair, which is what the index on (stored, id) can answer."""
    if asked.cursor is None:
        return statements
    here = Func(F("stored"), F("id"), function="ROW")
    there = Func(Value(asked.cursor.stored), Value(asked.cursor.id), function="ROW")
    operator = ">" if asked.ascending else "<"
    return statements.filter(
        Func(
            here, there, arg_joiner=f" {operator} ", template="(%(expressions)s)", output_field=BooleanField()
        )
    )
