"""Whether the record holds what it acknowledged: whole, once, and with all that follows from it."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import connection

from competencies.actions import rebuild_evidence
from competencies.models import Evidence, Holding
from learning.models import StatementActivity

from .payloads import Payload

Batches = Mapping[int, Sequence[Payload]]
LINKS = 2  # grouping and category


def faults(batches: Batches, acknowledged: Collection[int]) -> Iterator[str]:
    """A sentence for each thing that is wrong."""
    connection.close()  # the server behind it may be another by now
    kept = _counts("SELECT id::text, count(*) FROM learning_statement GROUP BY id")
    links = _counts(f"SELECT statement_id::text, count(*) FROM {StatementActivity._meta.db_table} GROUP BY 1")  # noqa: S608
    for number, batch in batches.items():
        there = sum(payload.id in kept for payload in batch)
        if there not in (0, len(batch)):
            yield f"Batch {number} is half there: {there} of {len(batch)} statements."
        if number in acknowledged and there < len(batch):
            yield f"Batch {number} was acknowledged, and {len(batch) - there} of its statements are missing."
    if twice := [statement_id for statement_id, count in kept.items() if count > 1]:
        yield f"{len(twice)} statements are there more than once."
    if odd := [statement_id for statement_id in kept if links.get(statement_id) != LINKS]:
        yield f"{len(odd)} statements have lost a link."
    if stray := links.keys() - kept.keys():
        yield f"{len(stray)} links have lost their statement."


def faults_of_evidence() -> Iterator[str]:
    """Evidence was derived as statements came. Deriving it all again must come to the same."""
    before = _derived()
    if not before:
        yield "No evidence was derived at all."
    rebuild_evidence()
    if before != _derived():
        yield "The evidence is not what the record says."


def _derived() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    evidence = ("user", "capability", "level", "statement", "achieved", "expires", "withdrawn_at")
    holding = ("user", "capability", "level", "during")
    return (
        list(Evidence.objects.order_by(*evidence).values_list(*evidence)),
        list(Holding.objects.order_by(*holding).values_list(*holding)),
    )


def _counts(query: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())
