-- Goes on from expected.sql: how many people of each organisation meet each requirement of a tier, all in one query.
-- Parameters besides those of expected.sql: map, the id of the edition whose equivalences are applied, or null for
-- none; tier, the id of the one to count; long_leave, as in coverage.
,
away AS (
    SELECT DISTINCT m.organisation_id, m.user_id
    FROM workforce_absence a
    JOIN workforce_membership m ON m.id = a.membership_id
    WHERE a.superseded_at IS NULL AND a.during @> %(on)s::date
      AND (upper(a.during) IS NULL OR upper(a.during) - lower(a.during) > %(long_leave)s)
),
held AS (
    SELECT user_id, capability_id, max(level) AS level
    FROM (
        SELECT user_id, capability_id, level FROM competencies_holding WHERE during @> %(on)s::date
        UNION ALL
        SELECT h.user_id, q.new_capability_id, q.new_level
        FROM competencies_holding h
        JOIN competencies_equivalence q
            ON q.edition_id = %(map)s::bigint AND q.old_capability_id = h.capability_id AND q.old_level <= h.level
        WHERE h.during @> %(on)s::date
    ) either
    GROUP BY user_id, capability_id
),
judged AS (
    SELECT t.organisation_id, e.capability_id, e.user_id, bool_and(coalesce(held.level, 0) >= e.level) AS met
    FROM expected e
    JOIN workforce_team t ON t.id = e.team_id
    LEFT JOIN held ON held.user_id = e.user_id AND held.capability_id = e.capability_id
    LEFT JOIN away ON away.organisation_id = t.organisation_id AND away.user_id = e.user_id
    WHERE e.tier_id = %(tier)s AND e.due <= %(on)s::date AND away.user_id IS NULL
      AND e.engagement NOT IN ('bank', 'agency', 'contractor')
    GROUP BY t.organisation_id, e.capability_id, e.user_id
)
SELECT organisation_id, capability_id, count(*) FILTER (WHERE met), count(*)
FROM judged
GROUP BY organisation_id, capability_id
