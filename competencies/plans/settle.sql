-- Goes on from done.sql: which places on plans are met by what the record shows, and which no longer are, each with
-- its act.
,
standing AS (
    SELECT place.id, (SELECT count(*) FROM competencies_planitem i WHERE i.plan_id = place.plan_id)
                     = count(done.item_id) AS is_met
    FROM place
    LEFT JOIN done ON done.id = place.id
    GROUP BY place.id, place.plan_id
),
changed AS (
    UPDATE competencies_planassignment a
    SET met_on = CASE WHEN standing.is_met THEN %(on)s::date END, newest_act = a.newest_act + 1
    FROM standing
    WHERE a.id = standing.id AND a.ended_on IS NULL AND (a.met_on IS NOT NULL) <> standing.is_met
    RETURNING a.id, a.newest_act, a.met_on
)
INSERT INTO competencies_planact (assignment_id, number, act, "on", at, reason)
SELECT id, newest_act, CASE WHEN met_on IS NULL THEN 'reopen' ELSE 'meet' END, %(on)s::date, %(at)s, '' FROM changed
