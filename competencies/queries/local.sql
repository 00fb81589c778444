-- Goes on from expected.sql and ends in `locally`: what organisations ask on top of the edition that they go by, one
-- row for each post of today and capability, with the columns of `expected` and the reason.
--
-- - The rule of overlays holds for both together: where an overlay on the post names the capability, in the edition
--   or locally, it takes the place of the tier. Of two overlays the higher level counts.
-- - A local level that is not above the edition's has no effect.
-- - Its clock is that of the tier or overlay, but never starts before the first day on which it is asked.
-- - It belongs to the post of today: nothing of it is carried over after a change of tier.
,
added AS (
    SELECT today.id AS post_id, today.user_id, today.team_id, today.tier_id, today.engagement,
           today.is_new_tier, today.is_one_of_several, today.edition_id, lr.capability_id, lr.level,
           greatest(today.clock, lower(lr.during)) + lr.grace_days AS due, lr.reason,
           false AS is_of_overlay
    FROM today
    JOIN workforce_team team ON team.id = today.team_id
    JOIN competencies_localrequirement lr
        ON lr.organisation_id = team.organisation_id AND lr.tier_id = today.tier_id AND lr.during @> %(on)s::date
    LEFT JOIN by_overlay o ON o.post_id = today.id AND o.capability_id = lr.capability_id
    WHERE o.level IS NULL
    UNION ALL
    SELECT today.id, today.user_id, today.team_id, today.tier_id, today.engagement,
           today.is_new_tier, today.is_one_of_several, today.edition_id, lr.capability_id, lr.level,
           greatest(oc.starts, lower(lr.during)) + lr.grace_days, lr.reason, true
    FROM today
    JOIN workforce_team team ON team.id = today.team_id
    JOIN workforce_post_overlays po ON po.post_id = today.id
    JOIN workforce_overlay_tiers ot ON ot.overlay_id = po.overlay_id AND ot.tier_id = today.tier_id
    JOIN overlay_clock oc
        ON oc.user_id = today.user_id AND oc.tier_id = today.tier_id AND oc.overlay_id = po.overlay_id
    JOIN competencies_localrequirement lr
        ON lr.organisation_id = team.organisation_id AND lr.overlay_id = po.overlay_id AND lr.during @> %(on)s::date
),
of_added AS (
    SELECT DISTINCT ON (post_id, capability_id) *
    FROM added
    ORDER BY post_id, capability_id, is_of_overlay DESC, level DESC, due
),
locally AS (
    SELECT a.post_id, a.user_id, a.team_id, a.tier_id, a.engagement, a.is_new_tier, a.is_one_of_several,
           a.edition_id, a.capability_id, a.level, a.due, a.reason
    FROM of_added a
    JOIN competencies_editioncapability ec ON ec.edition_id = a.edition_id AND ec.capability_id = a.capability_id
    LEFT JOIN of_post o ON o.post_id = a.post_id AND o.capability_id = a.capability_id
    WHERE a.level > coalesce(o.level, 0)
)
