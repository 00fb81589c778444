"""Which statements may be read from the record, and up to when it is whole."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from workforce.models import Organisation, Post, Seat

from ..models import Actor, Credential, Statement
from ..prepared import moment, rows_of

_ALL = (Credential.Scope.READ, Credential.Scope.READ_ALL, Credential.Scope.ALL)

# Whatever is being stored right now was given the time at which its transaction began.
_OLDEST_TRANSACTION = """
    SELECT (extract(epoch FROM coalesce(min(xact_start), transaction_timestamp())) * 1000000)::bigint
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


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


def consistent_through() -> datetime:
    """Up to when every statement that was stored can be read."""
    [(oldest,)] = rows_of(_OLDEST_TRANSACTION, {})
    return moment(oldest - 1)
