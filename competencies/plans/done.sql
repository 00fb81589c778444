-- What is done of plans: a chain of common table expressions that ends in `done` (place on a plan, person, item).
-- A capability is done when it was held at the level on any day on which the person was on the plan; a module when
-- its own statement stands. So a level that lapses later changes nothing, and evidence that is withdrawn does.
-- Parameters: on, the day; plans, users and assignments narrow it down, and null is all of them; is_running leaves
-- out who has left a plan.

WITH place AS MATERIALIZED (
    SELECT a.id, a.plan_id, a.user_id, a.since, coalesce(a.ended_on, %(on)s::date) AS until
    FROM competencies_planassignment a
    WHERE a.since <= %(on)s::date
      AND (NOT %(is_running)s OR a.ended_on IS NULL)
      AND (%(plans)s::bigint[] IS NULL OR a.plan_id = ANY(%(plans)s::bigint[]))
      AND (%(users)s::bigint[] IS NULL OR a.user_id = ANY(%(users)s::bigint[]))
      AND (%(assignments)s::bigint[] IS NULL OR a.id = ANY(%(assignments)s::bigint[]))
),
done AS (
    SELECT place.id, place.user_id, i.id AS item_id
    FROM place
    JOIN competencies_planitem i ON i.plan_id = place.plan_id
    JOIN competencies_holding h
        ON h.user_id = place.user_id AND h.capability_id = i.capability_id AND h.level >= i.level
       AND h.during && daterange(place.since, place.until, '[]')
    UNION
    SELECT place.id, place.user_id, i.id
    FROM place
    JOIN competencies_planitem i ON i.plan_id = place.plan_id AND i.module_iri <> ''
    JOIN learning_activity ON learning_activity.iri = i.module_iri
    JOIN learning_actor ON learning_actor.user_id = place.user_id
    JOIN learning_statement s
        ON s.actor_id = learning_actor.id AND s.activity_id = learning_activity.id
       AND s.verb IN (i.module_verb, %(waived)s)
       AND s.voided_by IS NULL AND s.credential_id IS NULL
)
