-- How many people of each node of one organisation are in post on the day, and how many of them hold what the edition
-- asks every team to have. Nodes are those of count.sql; a person counts once in each.
-- Parameters: on, the day; organisation; edition; deepest, as in coverage.
WITH RECURSIVE node AS (
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
place AS (
    SELECT DISTINCT node_id, team_id FROM node
    UNION ALL
    SELECT 0, id FROM workforce_team WHERE organisation_id = %(organisation)s
),
member AS (
    SELECT DISTINCT place.node_id, m.user_id
    FROM workforce_post p
    JOIN place ON place.team_id = p.team_id
    JOIN workforce_membership m ON m.id = p.membership_id
    WHERE p.superseded_at IS NULL AND p.during @> %(on)s::date
)
SELECT ec.name, tr.level, tr.people, member.node_id, tp.parent_id, count(*), count(h.user_id)
FROM competencies_teamrequirement tr
JOIN competencies_editioncapability ec ON ec.edition_id = tr.edition_id AND ec.capability_id = tr.capability_id
CROSS JOIN member
LEFT JOIN competencies_holding h
    ON h.user_id = member.user_id AND h.capability_id = tr.capability_id AND h.level >= tr.level
   AND h.during @> %(on)s::date
LEFT JOIN workforce_teamplace tp ON tp.team_id = member.node_id AND tp.during @> %(on)s::date
WHERE tr.edition_id = %(edition)s
GROUP BY ec."order", tr.id, ec.name, tr.level, tr.people, member.node_id, tp.parent_id
ORDER BY ec."order", tr.level, member.node_id
