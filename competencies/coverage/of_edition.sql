-- Goes on from expected.sql: what an edition asks, to be counted by count.sql.
-- `to_count` is who is asked for what; `of_tier` is what a tier is asked, for those who left; `asked` is the level that
-- stands beside the figures of a tier, without its overlays as far as the tier is asked itself.
,
to_count AS (
    SELECT * FROM expected
),
of_tier AS (
    SELECT r.tier_id, r.capability_id
    FROM competencies_adoption a
    JOIN competencies_requirement r ON r.edition_id = a.edition_id AND r.tier_id IS NOT NULL AND r.level > 0
    WHERE a.organisation_id = %(organisation)s AND a.during @> %(on)s::date
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
