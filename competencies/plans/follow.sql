-- Goes on from reach.sql: who fits a plan is put on it, who no longer fits leaves it, each with its act.
-- Who was taken off by a person is not put back.
,
left_it AS (
    UPDATE competencies_planassignment a
    SET ended_on = greatest(%(on)s::date, a.since, a.met_on), newest_act = a.newest_act + 1
    FROM plan
    WHERE a.plan_id = plan.id AND a.ended_on IS NULL
      AND (%(users)s::bigint[] IS NULL OR a.user_id = ANY(%(users)s::bigint[]))
      AND (a.plan_id, a.user_id) NOT IN (SELECT plan_id, user_id FROM fitting)
    RETURNING a.id, a.newest_act
),
put_on_it AS (
    INSERT INTO competencies_planassignment (plan_id, user_id, since, due, newest_act)
    SELECT fitting.plan_id, fitting.user_id, %(on)s::date,
           coalesce(plan.due_on, greatest(fitting.starts, plan.starts_on) + plan.due_days), 1
    FROM fitting
    JOIN plan ON plan.id = fitting.plan_id
    WHERE (fitting.plan_id, fitting.user_id) NOT IN (
        SELECT a.plan_id, a.user_id
        FROM competencies_planassignment a
        LEFT JOIN competencies_planact taken_off ON taken_off.assignment_id = a.id AND taken_off.act = 'remove'
        WHERE a.plan_id = ANY(%(plans)s::bigint[]) AND (a.ended_on IS NULL OR taken_off.id IS NOT NULL)
    )
    ON CONFLICT (plan_id, user_id) WHERE ended_on IS NULL DO NOTHING
    RETURNING id
)
INSERT INTO competencies_planact (assignment_id, number, act, "on", at, reason)
SELECT id, newest_act, 'end', %(on)s::date, %(at)s, '' FROM left_it
UNION ALL
SELECT id, 1, 'plan', %(on)s::date, %(at)s, '' FROM put_on_it
