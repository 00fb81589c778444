"""The one statement of SQL with which a batch of any size is stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from ..errors import Outdated
from ..facts import Fact, Facts, links_of
from ..prepared import rows_of
from ..queries.credentials import AS_IT_WAS, Opened

# Nothing here is looked up first: ids of actors and activities follow from their names. New rows go in by id, table
# by table in the same order for everybody, so that two batches that share some wait for each other instead of
# deadlocking. Of an activity that is known, only a definition that says something new comes back. What is looked up at
# the end is written so that the plan, which is kept, can only be one look into an index for each: whole tables are
# small on the day on which a plan is made, and large later.
#
# Where a credential was taken for granted, the same look at the database says whether it still holds: a row without an
# id says that it does not.
_STORE = """
WITH new AS (
    INSERT INTO learning_statement
        (id, stored, payload, actor_id, verb, activity_id, target, registration, timestamp, credential_id)
    SELECT id, stored, payload, actor, verb, activity, target, registration, "timestamp", %(credential)s::bigint
    FROM unnest(
        %(ids)s::text::uuid[], %(stored)s::text::timestamptz[], string_to_array(%(payloads)s, %(between)s),
        %(actors)s::text::uuid[], string_to_array(%(verbs)s, %(between)s), %(activities)s::text::uuid[],
        %(targets)s::text::uuid[], %(registrations)s::text::uuid[], %(timestamps)s::text::timestamptz[]
    ) AS sent (id, stored, payload, actor, verb, activity, target, registration, "timestamp")
    ON CONFLICT (id) DO NOTHING
    RETURNING id, stored, actor_id
), actor AS (
    INSERT INTO learning_actor (id, identifier, is_own)
    SELECT id, name, false FROM unnest(%(actor_ids)s::text::uuid[], %(actor_names)s::text[]) AS sent (id, name)
    ON CONFLICT DO NOTHING
), activity AS (
    INSERT INTO learning_activity (id, iri, definition)
    SELECT id, name, definition
    FROM unnest(
        %(activity_ids)s::text::uuid[], string_to_array(%(activity_names)s, %(between)s),
        string_to_array(%(definitions)s, %(between)s)::jsonb[]
    ) AS sent (id, name, definition)
    ON CONFLICT DO NOTHING
), actor_link AS (
    INSERT INTO learning_statementactor (statement_id, stored, target_id, usages)
    SELECT new.id, new.stored, link.target, link.usages FROM unnest(
        %(al_statements)s::text::uuid[], %(al_targets)s::text::uuid[], %(al_usages)s::text::smallint[]
    ) AS link (statement, target, usages)
    JOIN new ON new.id = link.statement
), activity_link AS (
    INSERT INTO learning_statementactivity (statement_id, stored, target_id, usages)
    SELECT new.id, new.stored, link.target, link.usages FROM unnest(
        %(vl_statements)s::text::uuid[], %(vl_targets)s::text::uuid[], %(vl_usages)s::text::smallint[]
    ) AS link (statement, target, usages)
    JOIN new ON new.id = link.statement
)
SELECT new.id::text, (SELECT true FROM learning_statement other WHERE other.target = new.id LIMIT 1) IS NOT NULL,
       (SELECT person.user_id FROM learning_actor person WHERE person.id = new.actor_id) IS NOT NULL
FROM new
UNION ALL
SELECT sent.id::text, NULL, NULL
FROM unnest(
    %(activity_ids)s::text::uuid[], string_to_array(%(definitions)s, %(between)s)::jsonb[]
) AS sent (id, definition)
CROSS JOIN LATERAL (SELECT definition FROM learning_activity WHERE id = sent.id OFFSET 0) AS known
WHERE NOT known.definition @> sent.definition
UNION ALL
SELECT NULL, NULL, NULL WHERE %(secret)s::bigint IS NOT NULL AND NOT {as_it_was}
""".replace("{as_it_was}", AS_IT_WAS)

# Neither JSON nor an IRI holds a raw control character, so this one can part them: in an array each would be quoted.
# The name of an account may hold one.
_BETWEEN = "\x1e"


class Inserted(NamedTuple):
    """Ids of the statements that were new; those of them that others refer to; those of people who are known here.

    And of the activities of which something new was said.
    """

    new: set[str]
    awaited: set[str]
    personal: set[str]
    outdated: set[str]


def insert(facts: Facts, opened: Opened | None) -> Inserted:
    """Insert what is new. A statement whose id is taken is left as it is.

    Raises Outdated if the credential is no longer what it was when it was `opened`.
    """
    values = _values(facts) | {
        "secret": opened and opened.secret.pk,
        "version": opened and opened.version,
    }
    found = rows_of(_STORE, values)
    if any(row_id is None for row_id, _, _ in found):
        raise Outdated
    return Inserted(
        {row_id for row_id, is_awaited, _ in found if is_awaited is not None},
        {row_id for row_id, is_awaited, _ in found if is_awaited},
        {row_id for row_id, _, is_personal in found if is_personal},
        {row_id for row_id, is_awaited, _ in found if is_awaited is None},
    )


def _values(facts: Facts) -> dict[str, object]:
    rows = sorted(facts.rows, key=lambda row: row.id)
    actors, activities = sorted(facts.actors), sorted(facts.activities)
    known = facts.definitions
    return {
        "credential": facts.credential and facts.credential.pk,
        "between": _BETWEEN,
        "ids": _array([row.id for row in rows]),
        "stored": _moments([row.stored for row in rows]),
        "payloads": _BETWEEN.join([row.payload for row in rows]),
        "actors": _array([row.actor for row in rows]),
        "verbs": _BETWEEN.join([row.verb for row in rows]),
        "activities": _array([row.activity for row in rows]),
        "targets": _array([row.target for row in rows]),
        "registrations": _array([row.registration for row in rows]),
        "timestamps": _moments([row.timestamp or row.stored for row in rows]),
        "actor_ids": _array(actors),
        "actor_names": [facts.actors[target] for target in actors],
        "activity_ids": _array(activities),
        "activity_names": _BETWEEN.join([facts.activities[target] for target in activities]),
        "definitions": _BETWEEN.join(
            [msgspec.json.encode(known.get(target, {})).decode() for target in activities]
        ),
        **_link_values("al", rows, "actor_links"),
        **_link_values("vl", rows, "activity_links"),
    }


def _link_values(prefix: str, rows: Sequence[Fact], name: str) -> dict[str, str]:
    links = links_of(rows, name)
    return {
        f"{prefix}_statements": _array([statement for statement, _, _ in links]),
        f"{prefix}_targets": _array([target for _, target, _ in links]),
        f"{prefix}_usages": _array([str(int(usages)) for _, _, usages in links]),
    }


def _moments(values: Iterable[datetime]) -> str:
    return _array([value.isoformat() for value in values])


def _array(values: Sequence[str | None]) -> str:
    """An array as PostgreSQL writes it, of values that need no quotes: ids, times and numbers."""
    return "{" + ",".join(["NULL" if value is None else value for value in values]) + "}"
