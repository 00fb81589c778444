-- Goes on from of_edition.sql or of_local.sql and counts every node of one organisation.
-- `place` pairs each team with every node that it counts in: itself, its ancestors on the day, and the
-- organisation, which is the null node. A person is judged once in each node, whatever the number of posts.
-- Nearly everybody has one post, so their judgements are added up team by team (`tally`) and only then go to the
-- nodes above; those of people with several posts are put together where the posts meet.
-- Parameters besides those of expected.sql: edition; tier, the id of the only one to count, or null for all.
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
place AS MATERIALIZED (
    SELECT DISTINCT node_id, team_id FROM node
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
    WHERE post.is_here AND post.ends <= %(on)s::date
      AND NOT EXISTS (SELECT 1 FROM today WHERE today.user_id = post.user_id)
    ORDER BY post.user_id, post.ends DESC, post.id DESC
),
-- What a person holds on the day and, of what they had shown by then, will still hold when `renewal` has run.
held AS (
    SELECT user_id, capability_id, max(level) AS level, max(later) AS later
    FROM (
        SELECT user_id, capability_id, level, 0 AS later
        FROM competencies_holding
        WHERE during @> %(on)s::date
        UNION ALL
        SELECT user_id, capability_id, 0, level
        FROM competencies_evidence
        WHERE withdrawn_at IS NULL AND achieved <= %(on)s::date
          AND (expires IS NULL OR expires > (%(on)s::date + make_interval(months => %(renewal)s))::date)
    ) either
    GROUP BY user_id, capability_id
),
judged AS (
    SELECT e.team_id, e.tier_id, e.capability_id, e.engagement,
           CASE WHEN e.is_one_of_several THEN e.user_id END AS person,
           away.user_id IS NOT NULL AS excluded, e.due <= %(on)s::date AS is_due,
           held.level >= e.level AS met, held.later >= e.level AS met_later
    FROM to_count e
    LEFT JOIN away ON away.user_id = e.user_id
    LEFT JOIN held ON held.user_id = e.user_id AND held.capability_id = e.capability_id
    WHERE %(tier)s::bigint IS NULL OR e.tier_id = %(tier)s
    UNION ALL
    SELECT gone.team_id, gone.tier_id, r.capability_id, gone.engagement, NULL, true, false, false, false
    FROM gone
    JOIN of_tier r ON r.tier_id = gone.tier_id
    WHERE gone.ends > %(on)s::date - %(left_counted)s
      AND (%(tier)s::bigint IS NULL OR gone.tier_id = %(tier)s)
),
-- Of those with several posts, each is in rows of their own; `person` is null for all others together.
tally AS (
    SELECT team_id, tier_id, capability_id, engagement, person,
           (count(*) FILTER (WHERE excluded))::int AS excluded,
           (count(*) FILTER (WHERE NOT excluded AND NOT is_due))::int AS early,
           (count(*) FILTER (WHERE NOT excluded AND is_due))::int AS due,
           (count(*) FILTER (WHERE NOT excluded AND is_due AND met))::int AS met,
           (count(*) FILTER (WHERE NOT excluded AND is_due AND met AND met_later))::int AS lasting
    FROM judged
    GROUP BY team_id, tier_id, capability_id, engagement, person
),
-- The nodes in which more than one post of a person counts. Elsewhere theirs add up like everybody's.
meeting AS (
    SELECT coalesce(place.node_id, 0) AS node, today.user_id
    FROM today
    JOIN place ON place.team_id = today.team_id
    WHERE today.is_one_of_several
    GROUP BY place.node_id, today.user_id
    HAVING count(*) > 1
),
-- (IN and not a join, because the planner would hash the half million rows instead of the few.)
fanned AS (
    SELECT place.node_id, tally.*,
           person IS NOT NULL AND (coalesce(place.node_id, 0), person) IN (SELECT node, user_id FROM meeting) AS meets
    FROM tally
    JOIN place ON place.team_id = tally.team_id
),
together AS (
    SELECT node_id, tier_id, capability_id, CASE WHEN meets THEN person END AS person,
           CASE WHEN engagement IN ('bank', 'agency', 'contractor') THEN engagement ELSE 'staff' END AS engagement,
           sum(excluded) AS excluded, sum(early) AS early, sum(due) AS due, sum(met) AS met, sum(lasting) AS lasting
    FROM fanned
    GROUP BY node_id, tier_id, capability_id, 4, 5
),
-- A person is one, whatever the number of judgements: excluded, or due if one of them is, and meeting it if all
-- that are due are met.
one_each AS (
    SELECT node_id, tier_id, capability_id, engagement, excluded, early, due, met, lasting
    FROM together
    WHERE person IS NULL
    UNION ALL
    SELECT node_id, tier_id, capability_id, engagement, (excluded > 0)::int, (excluded = 0 AND due = 0)::int,
           (due > 0)::int, (due > 0 AND met = due)::int, (due > 0 AND lasting = due)::int
    FROM together
    WHERE person IS NOT NULL
),
counted AS (
    SELECT node_id, tier_id, capability_id, engagement, sum(met)::bigint AS numerator,
           sum(due)::bigint AS denominator, sum(early)::bigint AS not_yet_due, sum(excluded)::bigint AS excluded,
           sum(met - lasting)::bigint AS due_for_renewal
    FROM one_each
    GROUP BY node_id, tier_id, capability_id, engagement
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
