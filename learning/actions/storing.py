import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from .. import iris
from ..errors import Conflict
from ..models import Activity, Actor, Credential, Statement
from ..signals import statements_stored, statements_voided
from ..xapi import Invalid, Received, received, same_statement
from ..xapi.formats import instant, written
from ..xapi.links import activities_in, actors_in
from ..xapi.statements import StatementRef
from .actors import account
from .voids import apply_voiding, check_voiding

# The account that signs what this system itself says.
OWN_ACCOUNT = "record"


@transaction.atomic
def store_statements(
    *,
    statements: Sequence[Mapping[str, object] | Received],
    credential: Credential | None = None,
    at: datetime | None = None,
) -> list[UUID]:
    """Keep statements, all or none, and return their ids in order, in a number of queries that does not grow.

    No credential means this system itself. `at` sets when they were stored, for demonstration data.
    A statement that is already here is not kept twice. Raises Invalid, Conflict and NotAllowed.
    """
    if not statements:
        return []
    batch = _read(statements)
    actors = _actors(key for entry in batch for _, key in actors_in(entry.statement))
    activities = _activities(batch, is_trusted=credential is None)
    # After the first query, so never before the transaction began: `consistent_through` relies on it.
    stored = at or timezone.now()
    rows = [_row(entry, stored, credential, actors, activities) for entry in batch]
    _check_ids(rows)
    check_voiding(rows, credential)
    inserted = Statement.objects.insert_new(rows)
    _refuse_conflicts(rows, inserted, batch)
    _link(rows, inserted, batch, actors, activities)
    _tell({row.id: row for row in rows if row.id in inserted}, stored)
    return [row.id for row in rows]


def _tell(new: dict[UUID, Statement], at: datetime) -> None:
    voided = apply_voiding(new, at)
    if standing := [statement for statement in new.values() if statement.voided_by is None]:
        statements_stored.send(sender=Statement, statements=standing)
    if voided:
        statements_voided.send(sender=Statement, statements=voided)


def _read(statements: Sequence[Mapping[str, object] | Received]) -> list[Received]:
    batch = []
    for position, statement in enumerate(statements):
        try:
            batch.append(statement if isinstance(statement, Received) else received(statement))
        except Invalid as fault:
            raise fault.under(f"[{position}]" if len(statements) > 1 else "") from None
    return batch


def _row(
    entry: Received,
    stored: datetime,
    credential: Credential | None,
    actors: Mapping[str, Actor],
    activities: Mapping[str, Activity],
) -> Statement:
    """The statement as a row: its payload completed, and the columns that queries filter on."""
    said = entry.statement
    statement_id = UUID(said.id) if said.id else uuid.uuid4()
    registration = said.context.registration if said.context else None
    links = dict(activities_in(said))
    return Statement(
        id=statement_id,
        stored=stored,
        payload=_payload(entry, statement_id, stored, credential),
        actor=actors[said.actor.key] if said.actor.key else None,
        verb=said.verb.id,
        activity=activities[links["object"].id] if "object" in links else None,
        target=UUID(said.object.id) if isinstance(said.object, StatementRef) else None,
        registration=UUID(registration) if registration else None,
        timestamp=instant(said.timestamp) if said.timestamp else stored,
        credential=credential,
    )


def _payload(entry: Received, statement_id: UUID, stored: datetime, credential: Credential | None) -> str:
    """What was received, each property byte for byte, with those that the record must set (Data 2.3.1)."""
    said = entry.statement
    is_newer = said.context and (said.context.contextAgents or said.context.contextGroups)
    completed: dict[str, object] = {
        "id": str(statement_id),
        "timestamp": written(stored),
        "version": "2.0.0" if is_newer else "1.0.0",
        **entry.properties,
        "stored": written(stored),
        "authority": account(credential.key if credential else OWN_ACCOUNT),
    }
    return msgspec.json.encode(completed).decode()


def _check_ids(rows: Sequence[Statement]) -> None:
    seen: set[UUID] = set()
    for position, row in enumerate(rows):
        if row.id in seen:
            raise Invalid(f"[{position}].id", "must differ from every other id in the same request")
        seen.add(row.id)


def _refuse_conflicts(rows: Sequence[Statement], inserted: set[UUID], batch: Sequence[Received]) -> None:
    sent = {row.id: entry for row, entry in zip(rows, batch, strict=True) if row.id not in inserted}
    for kept in Statement.objects.filter(pk__in=sent) if sent else []:
        if not same_statement(kept.payload, msgspec.json.encode(sent[kept.id].properties)):
            raise Conflict(kept.id)


def _actors(keys: Iterable[str]) -> dict[str, Actor]:
    """The actors with these identifiers, made where they are new.

    New rows go in by key and are then read back. Nothing is locked that another batch must wait for while it
    holds what this one needs, so two batches cannot deadlock.
    """
    wanted = set(keys)
    found = _known_actors(wanted)
    if missing := sorted(wanted - found.keys()):
        Actor.objects.bulk_create([Actor(identifier=key) for key in missing], ignore_conflicts=True)
        found |= _known_actors(missing)
    return found


def _known_actors(keys: Iterable[str]) -> dict[str, Actor]:
    return {actor.identifier: actor for actor in Actor.objects.filter(identifier__in=keys)}


def _activities(batch: Sequence[Received], *, is_trusted: bool) -> dict[str, Activity]:
    """The activities that the batch names, made or given their definition where that is new."""
    definitions = _definitions(batch, is_trusted=is_trusted)
    found = _known_activities(definitions)
    if missing := sorted(definitions.keys() - found.keys()):
        made = [Activity(iri=iri, definition=definitions[iri]) for iri in missing]
        Activity.objects.bulk_create(made, ignore_conflicts=True)
        found |= _known_activities(missing)
    changed = []
    for iri, definition in definitions.items():
        # Only this system changes a definition once it is given.
        if definition and definition != found[iri].definition and (is_trusted or not found[iri].definition):
            found[iri].definition = definition
            changed.append(found[iri])
    if changed:
        Activity.objects.bulk_update(changed, ["definition"])
    return found


def _known_activities(iris_named: Iterable[str]) -> dict[str, Activity]:
    return {activity.iri: activity for activity in Activity.objects.filter(iri__in=iris_named)}


def _definitions(batch: Sequence[Received], *, is_trusted: bool) -> dict[str, dict[str, object]]:
    """The last definition of each activity; empty where there is none, or where only this system may give it."""
    definitions: dict[str, dict[str, object]] = {}
    for entry in batch:
        for _, named in activities_in(entry.statement):
            definitions.setdefault(named.id, {})
            if named.definition and (is_trusted or not iris.is_ours(named.id)):
                definitions[named.id] = msgspec.to_builtins(named.definition)
    return definitions


def _link(
    rows: Sequence[Statement],
    inserted: set[UUID],
    batch: Sequence[Received],
    actors: Mapping[str, Actor],
    activities: Mapping[str, Activity],
) -> None:
    new = [(row, entry.statement) for row, entry in zip(rows, batch, strict=True) if row.id in inserted]
    Statement.objects.link(
        {(row.id, actors[key].pk, usage) for row, said in new for usage, key in actors_in(said)},
        {
            (row.id, activities[named.id].pk, usage)
            for row, said in new
            for usage, named in activities_in(said)
        },
    )
