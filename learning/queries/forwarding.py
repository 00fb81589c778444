"""What is to be sent on, and what of it may go next."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from .. import verbs
from ..models import Activity, Delivery, Forwarder, Statement
from ..xapi.parameters import Cursor
from .walking import beyond, statements_of


class Wanted(NamedTuple):
    """In the order in which statements were stored."""

    stored: datetime
    id: UUID
    actor: object
    verb: str
    target: UUID | None
    voided_by: UUID | None


def due_forwarders(now: datetime) -> QuerySet[Forwarder]:
    """Those for which a worker may set out."""
    return Forwarder.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
        Q(retry_at__isnull=True) | Q(retry_at__lte=now),
        is_on=True,
        paused_because="",
    )


def wanted_next(forwarder: Forwarder, through: datetime, limit: int) -> list[Wanted]:
    """What it wants of what was stored after its place, up to `through`."""
    matching = _matching(forwarder)
    if not forwarder.sends_voiding:
        return _page(forwarder, matching.exclude(verb=verbs.VOIDED).filter(voided_by=None), through, limit)
    if not (forwarder.verbs or forwarder.activities or forwarder.organisation_id):
        return _page(forwarder, matching, through, limit)
    # A voiding statement goes where the statement went that it voids, whatever its own verb and object are.
    voiding = Statement.objects.filter(verb=verbs.VOIDED, target__in=matching.values("pk"))
    found = _page(forwarder, matching.exclude(verb=verbs.VOIDED), through, limit)
    found += _page(forwarder, voiding, through, limit)
    return sorted(found)[:limit]


def voided_before(found: list[Wanted]) -> list[Wanted]:
    """The voiding statements that came before what they void, and so were passed over."""
    voided = {one.voided_by: one for one in found if one.voided_by}
    voiding = _rows(Statement.objects.filter(pk__in=[name for name in voided if name]))
    return [one for one in voiding if one.stored <= voided[one.id].stored]


def actors_of_targets(found: list[Wanted]) -> dict[UUID, object]:
    """Who did what the voiding statements among these void."""
    targets = [one.target for one in found if one.verb == verbs.VOIDED and one.target]
    return dict(Statement.objects.filter(pk__in=targets).values_list("pk", "actor_id")) if targets else {}


def fresh_deliveries(forwarder: Forwarder) -> QuerySet[Delivery]:
    """Those that may go now, in company: nothing before them in their lane is dead or has failed by itself."""
    in_the_way = Delivery.objects.filter(
        Q(dead_at__isnull=False) | Q(tries__gt=0),
        forwarder=forwarder,
        lane=OuterRef("lane"),
        pk__lt=OuterRef("pk"),
    )
    waiting = forwarder.deliveries.filter(dead_at=None, tries=0)
    return waiting.filter(~Exists(in_the_way)).select_related("statement").order_by("pk")


def due_again(forwarder: Forwarder, now: datetime) -> Delivery | None:
    """One that failed by itself and may be tried again."""
    in_the_way = Delivery.objects.filter(
        Q(dead_at__isnull=False) | Q(tries__gt=0),
        forwarder=forwarder,
        lane=OuterRef("lane"),
        pk__lt=OuterRef("pk"),
    )
    failed = forwarder.deliveries.filter(dead_at=None, tries__gt=0, wait_until__lte=now)
    return failed.filter(~Exists(in_the_way)).select_related("statement").order_by("wait_until").first()


def _matching(forwarder: Forwarder) -> QuerySet[Statement]:
    found = statements_of(forwarder.organisation) if forwarder.organisation else Statement.objects.all()
    if forwarder.verbs:
        found = found.filter(verb__in=forwarder.verbs)
    if forwarder.activities:
        known = Activity.objects.filter(iri__in=forwarder.activities)
        found = found.filter(activity__in=known.values("pk"))
    return found


def _page(
    forwarder: Forwarder, statements: QuerySet[Statement], through: datetime, limit: int
) -> list[Wanted]:
    if forwarder.looked_stored:
        place = Cursor(forwarder.looked_stored, forwarder.looked_id or UUID(int=2**128 - 1))
        statements = beyond(statements, place)
    return _rows(statements.filter(stored__lte=through).order_by("stored", "id")[:limit])


def _rows(statements: QuerySet[Statement]) -> list[Wanted]:
    columns = ("stored", "id", "actor_id", "verb", "target", "voided_by")
    return [Wanted(*row) for row in statements.values_list(*columns)]
