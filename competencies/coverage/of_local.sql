-- Goes on from local.sql: what one organisation asks on top of its edition, to be counted by count.sql. The three
-- tables are those of of_edition.sql.
,
to_count AS (
    SELECT * FROM locally
),
of_tier AS (
    SELECT lr.tier_id, lr.capability_id
    FROM competencies_localrequirement lr
    LEFT JOIN competencies_requirement r
        ON r.edition_id = %(edition)s AND r.tier_id = lr.tier_id AND r.capability_id = lr.capability_id
    WHERE lr.organisation_id = %(organisation)s AND lr.during @> %(on)s::date AND lr.tier_id IS NOT NULL
      AND lr.level > coalesce(r.level, 0)
),
asked AS (
    SELECT coalesce(lr.tier_id, ot.tier_id) AS tier_id, lr.capability_id,
           coalesce(max(lr.level) FILTER (WHERE lr.tier_id IS NOT NULL), max(lr.level)) AS level
    FROM competencies_localrequirement lr
    LEFT JOIN workforce_overlay_tiers ot ON ot.overlay_id = lr.overlay_id
    WHERE lr.organisation_id = %(organisation)s AND lr.during @> %(on)s::date
    GROUP BY coalesce(lr.tier_id, ot.tier_id), lr.capability_id
)
