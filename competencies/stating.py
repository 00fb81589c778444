"""Telling the record afterwards what acts of ours say: in batches, so that nothing that people do waits for it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from learning.actions import store_statements

BATCH = 1000
Told = TypeVar("Told", bound=Model)


def tell_the_record(
    untold: QuerySet[Told], statements_of: Callable[[Sequence[Told]], list[dict[str, Any]]]
) -> int:
    """Store a statement for each act that has none yet, in batches that stand by themselves; returns how many.

    A batch is claimed, so that two workers never take the same acts. The id of a statement follows from its act, so
    one that was stored before is not stored twice.
    """
    told = 0
    while batch := _tell_batch(untold, statements_of):
        told += batch
    return told


@transaction.atomic
def _tell_batch(
    untold: QuerySet[Told], statements_of: Callable[[Sequence[Told]], list[dict[str, Any]]]
) -> int:
    claimed = untold.select_for_update(of=("self",), skip_locked=True).filter(statement=None)
    acts = list(claimed.order_by("pk")[:BATCH])
    if not acts:
        return 0
    statements = statements_of(acts)
    store_statements(statements=statements)
    table = connection.ops.quote_name(untold.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            _STATED.format(table=table), [[act.pk for act in acts], [said["id"] for said in statements]]
        )
    return len(acts)


_STATED = """
UPDATE {table} act SET statement_id = stated.statement_id
FROM unnest(%s::bigint[], %s::text[]::uuid[]) AS stated (id, statement_id)
WHERE act.id = stated.id
"""
