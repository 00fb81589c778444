from collections.abc import Collection
from uuid import UUID

from django.db import connection

# A chain of statements each of which refers to the next is followed so far. Each keeps a row for each that it reaches:
# without an end, a batch that is one chain would cost its square.
MOST_STEPS = 10

# `referrer`: what refers to something new, or is new and refers; and whatever refers to these in turn.
# `chain`: each of them with every statement on its way. Circles end where the steps do.
# ARRAY(SELECT …) and OFFSET 0 hide how many are new and how many may follow. Who plans for the worst compiles the query
# and reads the whole table, and nearly always there are few.
KEEP_REFERENCES = """
INSERT INTO learning_statementreference
    (statement_id, stored, target_id, target_stored, actor_id, verb, activity_id, registration)
WITH RECURSIVE referrer AS (
    SELECT id, stored, target, 1 AS steps FROM learning_statement
    WHERE target = ANY(ARRAY(SELECT unnest(%(new)s)))
       OR (id = ANY(ARRAY(SELECT unnest(%(new)s))) AND target IS NOT NULL)
    UNION
    SELECT further.id, further.stored, further.target, referrer.steps + 1
    FROM referrer, LATERAL (SELECT * FROM learning_statement WHERE target = referrer.id OFFSET 0) further
    WHERE referrer.steps < %(most)s
), chain AS (
    SELECT DISTINCT id, stored, target, 1 AS steps FROM referrer
    UNION
    SELECT chain.id, chain.stored, via.target, chain.steps + 1
    FROM chain, LATERAL (SELECT * FROM learning_statement WHERE id = chain.target OFFSET 0) via
    WHERE via.target IS NOT NULL AND chain.steps < %(most)s
)
SELECT chain.id, chain.stored, found.id, found.stored, found.actor_id, found.verb, found.activity_id,
       found.registration
FROM (SELECT DISTINCT id, stored, target FROM chain WHERE target <> id) chain,
     LATERAL (SELECT * FROM learning_statement WHERE id = chain.target OFFSET 0) found
ORDER BY chain.id, found.id
ON CONFLICT DO NOTHING
"""


def keep_references(new: Collection[str]) -> None:
    """Say what these newly stored statements refer to, and what refers to them, through others too."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP_REFERENCES, {"new": [UUID(row_id) for row_id in new], "most": MOST_STEPS})
