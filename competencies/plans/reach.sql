-- Whom the plans named in `plans` are for on a day: (plan, person, first day of the earliest post that fits).
-- A chain of common table expressions that ends in `fitting`. `users` null is everybody.

WITH RECURSIVE plan AS MATERIALIZED (
    SELECT * FROM competencies_learningplan
    WHERE id = ANY(%(plans)s::bigint[]) AND ended_on IS NULL AND starts_on <= %(on)s::date
),
within AS (
    SELECT plan.id AS plan_id, plan.team_id FROM plan WHERE plan.team_id IS NOT NULL
    UNION
    SELECT within.plan_id, tp.team_id
    FROM within
    JOIN workforce_teamplace tp ON tp.parent_id = within.team_id AND tp.during @> %(on)s::date
),
fitting AS MATERIALIZED (
    SELECT plan.id AS plan_id, m.user_id, min(lower(p.during)) AS starts
    FROM plan
    JOIN workforce_membership m ON m.organisation_id = plan.organisation_id
    JOIN workforce_post p ON p.membership_id = m.id AND p.superseded_at IS NULL AND p.during @> %(on)s::date
    WHERE (%(users)s::bigint[] IS NULL OR m.user_id = ANY(%(users)s::bigint[]))
      AND (plan.tier_id IS NULL OR p.tier_id = plan.tier_id)
      AND (plan.joined_from IS NULL OR lower(p.during) >= plan.joined_from)
      AND (plan.team_id IS NULL OR (plan.id, p.team_id) IN (SELECT plan_id, team_id FROM within))
      AND (plan.audience <> 'people'
           OR (plan.id, m.user_id) IN (SELECT plan_id, user_id FROM competencies_planperson))
    GROUP BY plan.id, m.user_id
)
