-- The one definition, in SQL, of what is expected of whom on a day (domain model, section 2.1 and 5.2).
--
-- This is a chain of common table expressions that ends in `expected`: one row for each person, team, tier
-- and capability that is expected at level 1 or more, with the day on which it falls due.
--
-- Parameters: on, the day; organisation, the id of one, or null for all; user, the id of one, or null.
--
-- - The clock of a tier starts on the first day of the person's first post anywhere, if that post was in this tier,
--   else on the first day in this tier. A move between teams or employers never restarts it.
-- - An overlay's level replaces the tier's; the higher counts where two overlays name one capability. Its clock
--   starts on the first day of a post with that overlay, unless the first post of all had it.
-- - After a change of tier, what the old tier expected goes on counting, in the team of the new post, until the new
--   tier's expectation of the same capability falls due. Where the new tier expects nothing of it, that is until the
--   grace of the old level has run from the day of the change.

WITH RECURSIVE chosen AS MATERIALIZED (
    SELECT DISTINCT m.user_id
    FROM workforce_membership m
    WHERE (%(organisation)s::bigint IS NULL OR m.organisation_id = %(organisation)s)
      AND (%(user)s::bigint IS NULL OR m.user_id = %(user)s)
),
begun AS (
    SELECT p.id, m.user_id, p.team_id, p.tier_id, p.engagement, a.edition_id, u.first_nhs_day,
           lower(p.during) AS starts, upper(p.during) AS ends,
           coalesce(m.organisation_id = %(organisation)s, true) AS is_here
    FROM workforce_post p
    JOIN workforce_membership m ON m.id = p.membership_id
    JOIN chosen ON chosen.user_id = m.user_id
    JOIN workforce_user u ON u.id = m.user_id
    LEFT JOIN competencies_adoption a ON a.organisation_id = m.organisation_id AND a.during @> %(on)s::date
    WHERE p.superseded_at IS NULL AND lower(p.during) <= %(on)s::date
),
first AS (
    SELECT *, min(starts) OVER (PARTITION BY user_id) AS first_start,
           min(starts) OVER (PARTITION BY user_id, tier_id) AS tier_start
    FROM begun
),
post AS MATERIALIZED (
    SELECT *, CASE WHEN tier_start = first_start THEN least(first_nhs_day, first_start) ELSE tier_start END AS clock
    FROM first
),
today AS MATERIALIZED (
    SELECT *, tier_start > first_start AS is_new_tier, count(*) OVER (PARTITION BY user_id) > 1 AS is_one_of_several
    FROM post
    WHERE is_here AND edition_id IS NOT NULL AND (ends IS NULL OR ends > %(on)s::date)
),
overlay_clock AS MATERIALIZED (
    SELECT post.user_id, post.tier_id, po.overlay_id,
           CASE WHEN min(post.starts) = min(post.first_start)
                THEN least(min(post.first_nhs_day), min(post.first_start))
                ELSE min(post.starts) END AS starts
    FROM post
    JOIN workforce_post_overlays po ON po.post_id = post.id
    GROUP BY post.user_id, post.tier_id, po.overlay_id
),
by_overlay AS MATERIALIZED (
    SELECT today.id AS post_id, r.capability_id, max(r.level) AS level,
           min(oc.starts + r.grace_days) FILTER (WHERE r.level > 0) AS due
    FROM today
    JOIN workforce_post_overlays po ON po.post_id = today.id
    JOIN workforce_overlay_tiers ot ON ot.overlay_id = po.overlay_id AND ot.tier_id = today.tier_id
    JOIN overlay_clock oc
        ON oc.user_id = today.user_id AND oc.tier_id = today.tier_id AND oc.overlay_id = po.overlay_id
    JOIN competencies_requirement r ON r.edition_id = today.edition_id AND r.overlay_id = po.overlay_id
    GROUP BY today.id, r.capability_id
),
of_post AS MATERIALIZED (
    SELECT today.id AS post_id, today.user_id, today.team_id, today.tier_id, today.engagement,
           today.is_new_tier, today.is_one_of_several, today.edition_id, r.capability_id,
           coalesce(o.level, r.level) AS level,
           CASE WHEN o.level IS NULL THEN today.clock + r.grace_days ELSE o.due END AS due
    FROM today
    JOIN competencies_requirement r ON r.edition_id = today.edition_id AND r.tier_id = today.tier_id
    LEFT JOIN by_overlay o ON o.post_id = today.id AND o.capability_id = r.capability_id
    WHERE coalesce(o.level, r.level) > 0
),
changed AS MATERIALIZED (
    SELECT DISTINCT ON (today.id) today.id AS post_id, today.tier_start AS changed_on,
           old.tier_id AS old_tier_id, old.clock AS old_clock
    FROM today
    JOIN post old
        ON old.user_id = today.user_id AND old.tier_id <> today.tier_id AND old.starts < today.tier_start
       AND old.ends <= %(on)s::date
    WHERE today.is_new_tier AND NOT EXISTS (
        SELECT 1 FROM today still WHERE still.user_id = today.user_id AND still.tier_id = old.tier_id
    )
    ORDER BY today.id, old.ends DESC, old.starts DESC, old.id DESC
),
of_new_tier AS MATERIALIZED (
    SELECT post_id, capability_id, due FROM of_post WHERE is_new_tier
),
carried AS (
    SELECT today.id AS post_id, today.user_id, today.team_id, changed.old_tier_id AS tier_id, today.engagement,
           today.is_new_tier, today.is_one_of_several, today.edition_id, r.capability_id, r.level,
           changed.old_clock + r.grace_days AS due
    FROM changed
    JOIN today ON today.id = changed.post_id
    JOIN competencies_requirement r ON r.edition_id = today.edition_id AND r.tier_id = changed.old_tier_id
    LEFT JOIN of_new_tier new ON new.post_id = today.id AND new.capability_id = r.capability_id
    WHERE r.level > 0 AND %(on)s::date < coalesce(new.due, changed.changed_on + r.grace_days)
),
expected AS (
    SELECT * FROM of_post
    UNION ALL
    SELECT * FROM carried
)
