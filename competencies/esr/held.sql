-- What the staff of an organisation hold on a day: one row for each person with a staff number and each capability
-- of the edition, at the level held. A person with several posts is there once.
WITH staff AS (
    SELECT membership.user_id, membership.staff_number
    FROM workforce_membership membership
    WHERE membership.organisation_id = %(organisation)s
        AND membership.staff_number IS NOT NULL
        AND EXISTS (
            SELECT 1 FROM workforce_post post
            WHERE post.membership_id = membership.id
                AND post.superseded_at IS NULL
                AND post.during @> %(on)s::date
        )
)
SELECT
    staff.staff_number,
    capability.code,
    wording.name,
    level.number,
    level.label,
    level.validity_months,
    lower(holding.during),
    coalesce(awarded.last, lower(holding.during)),
    upper(holding.during)
FROM staff
JOIN competencies_holding holding ON holding.user_id = staff.user_id AND holding.during @> %(on)s::date
JOIN competencies_editioncapability wording
    ON wording.capability_id = holding.capability_id AND wording.edition_id = %(edition)s
JOIN competencies_capability capability ON capability.id = holding.capability_id
JOIN competencies_level level ON level.edition_id = %(edition)s AND level.number = holding.level
LEFT JOIN LATERAL (
    SELECT max(evidence.achieved) AS last
    FROM competencies_evidence evidence
    WHERE evidence.user_id = holding.user_id
        AND evidence.capability_id = holding.capability_id
        AND evidence.level = holding.level
        AND evidence.withdrawn_at IS NULL
        AND evidence.achieved <= %(on)s::date
) awarded ON true
ORDER BY staff.staff_number, wording."order", wording.id
