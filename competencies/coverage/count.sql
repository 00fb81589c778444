-- Goes on from expected.sql and counts every node of one organisation.
-- `place` pairs each team with every node that it counts in: itself, its ancestors on the day, and the
-- organisation, which is the null node. A person is judged once in each node, whatever the number of posts.
,
node AS (
    SELECT tp.team_id AS node_id, tp.team_id, 0 AS up
    FROM workforce_teamplace tp
    JOIN workforce_team t ON t.id = tp.team_id
    WHERE t.organisation_id = %(organisation)s AND tp.during @> %(on)s::date
    UNION
    SELECT above.parent_id, node.team_id, node.up + 1
    FROM node
    JOIN workforce_teamplace above ON above.team_id = node.node_id AND above.during @> %(on)s::date
    WHERE above.parent_id IS NOT NULL AND node.up < %(deepest)s
),
standing AS (
    SELECT node.team_id, max(node.up) + 1 AS depth FROM node GROUP BY node.team_id
),
place AS (
    SELECT node_id, team_id FROM node
    UNION ALL
    SELECT NULL, id FROM workforce_team WHERE organisation_id = %(organisation)s
),
away AS (
    SELECT DISTINCT m.user_id
    FROM workforce_absence a
    JOIN workforce_membership m ON m.id = a.membership_id
    WHERE m.organisation_id = %(organisation)s AND a.superseded_at IS NULL AND a.during @> %(on)s::date
      AND (upper(a.during) IS NULL OR upper(a.during) - lower(a.during) > %(long_leave)s)
),
gone AS (
    SELECT DISTINCT ON (post.user_id) post.user_id, post.team_id, post.tier_id, post.engagement, post.ends
    FROM post
    WHERE post.organisation_id = %(organisation)s AND post.ends <= %(on)s::date
      AND NOT EXISTS (SELECT 1 FROM today WHERE today.user_id = post.user_id)
    ORDER BY post.user_id, post.ends DESC, post.id DESC
),
judged AS (
    SELECT e.user_id, e.team_id, e.tier_id, e.capability_id, e.engagement,
           away.user_id IS NOT NULL AS excluded, e.due <= %(on)s::date AS is_due,
           now_held.level IS NOT NULL AS met, EXISTS (
               SELECT 1
               FROM competencies_evidence shown
               WHERE shown.user_id = e.user_id AND shown.capability_id = e.capability_id AND shown.level >= e.level
                 AND shown.withdrawn_at IS NULL AND shown.achieved <= %(on)s::date
                 AND (shown.expires IS NULL
                      OR shown.expires > (%(on)s::date + make_interval(months => %(renewal)s))::date)
           ) AS met_later
    FROM expected e
    LEFT JOIN away ON away.user_id = e.user_id
    LEFT JOIN competencies_holding now_held
        ON now_held.user_id = e.user_id AND now_held.capability_id = e.capability_id
       AND now_held.level >= e.level AND now_held.during @> %(on)s::date
    UNION ALL
    SELECT gone.user_id, gone.team_id, gone.tier_id, r.capability_id, gone.engagement, true, false, false, false
    FROM gone
    JOIN competencies_adoption a ON a.organisation_id = %(organisation)s AND a.during @> %(on)s::date
    JOIN competencies_requirement r ON r.edition_id = a.edition_id AND r.tier_id = gone.tier_id AND r.level > 0
    WHERE gone.ends > %(on)s::date - %(left_counted)s
),
person AS (
    SELECT place.node_id, j.user_id, j.tier_id, j.capability_id,
           CASE WHEN j.engagement IN ('bank', 'agency', 'contractor') THEN j.engagement ELSE 'staff' END AS engagement,
           bool_or(j.excluded) AS excluded, bool_or(j.is_due) AS is_due,
           bool_and(j.met) FILTER (WHERE j.is_due) AS met,
           bool_and(j.met_later) FILTER (WHERE j.is_due) AS met_later
    FROM judged j
    JOIN place ON place.team_id = j.team_id
    GROUP BY place.node_id, j.user_id, j.tier_id, j.capability_id, 5
),
counted AS (
    SELECT node_id, tier_id, capability_id, engagement,
           count(*) FILTER (WHERE NOT excluded AND is_due AND met) AS numerator,
           count(*) FILTER (WHERE NOT excluded AND is_due) AS denominator,
           count(*) FILTER (WHERE NOT excluded AND NOT is_due) AS not_yet_due,
           count(*) FILTER (WHERE excluded) AS excluded,
           count(*) FILTER (WHERE NOT excluded AND is_due AND met AND NOT met_later) AS due_for_renewal
    FROM person
    GROUP BY node_id, tier_id, capability_id, engagement
),
asked AS (
    SELECT t.tier_id, r.capability_id, coalesce(nullif(max(t.level), 0), max(r.level)) AS level
    FROM (
        SELECT tier_id, capability_id, level FROM competencies_requirement
        WHERE edition_id = %(edition)s AND tier_id IS NOT NULL
    ) t
    LEFT JOIN workforce_overlay_tiers ot ON ot.tier_id = t.tier_id
    JOIN competencies_requirement r
        ON r.edition_id = %(edition)s AND r.capability_id = t.capability_id
       AND (r.tier_id = t.tier_id OR r.overlay_id = ot.overlay_id)
    GROUP BY t.tier_id, r.capability_id
)
SELECT counted.node_id, coalesce(team.code, o.code) AS node_code, coalesce(team.name, o.name) AS node_name,
       tp.parent_id, coalesce(standing.depth, 0) AS depth,
       tier.key AS tier_key, tier.label AS tier_label, tier."order" AS tier_order,
       c.code AS capability_code, ec.name AS capability_name, d.code AS domain_code, d.name AS domain_name,
       ec."order" AS capability_order, asked.level AS expected_level, counted.engagement,
       counted.numerator, counted.denominator, counted.not_yet_due, counted.excluded, counted.due_for_renewal
FROM counted
JOIN workforce_organisation o ON o.id = %(organisation)s
JOIN workforce_tier tier ON tier.id = counted.tier_id
JOIN competencies_capability c ON c.id = counted.capability_id
JOIN competencies_editioncapability ec ON ec.capability_id = c.id AND ec.edition_id = %(edition)s
JOIN competencies_domain d ON d.id = ec.domain_id
JOIN asked ON asked.tier_id = counted.tier_id AND asked.capability_id = counted.capability_id
LEFT JOIN workforce_team team ON team.id = counted.node_id
LEFT JOIN workforce_teamplace tp ON tp.team_id = team.id AND tp.during @> %(on)s::date
LEFT JOIN standing ON standing.team_id = team.id
ORDER BY tier."order", ec."order", coalesce(standing.depth, 0), node_code, counted.engagement
