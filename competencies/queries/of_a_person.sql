,
asked AS (
    SELECT user_id, tier_id, edition_id, capability_id, level, due, '' AS reason, '' AS local_to FROM expected
    UNION ALL
    SELECT locally.user_id, locally.tier_id, locally.edition_id, locally.capability_id, locally.level, locally.due,
           locally.reason, o.name
    FROM locally
    JOIN workforce_team team ON team.id = locally.team_id
    JOIN workforce_organisation o ON o.id = team.organisation_id
)
SELECT c.code, ec.name, d.name, t.key, max(e.level), min(e.due), coalesce(max(h.level), 0), e.local_to,
       (array_agg(e.reason ORDER BY e.level DESC))[1]
FROM asked e
JOIN competencies_capability c ON c.id = e.capability_id
JOIN competencies_editioncapability ec ON ec.capability_id = c.id AND ec.edition_id = e.edition_id
JOIN competencies_domain d ON d.id = ec.domain_id
JOIN workforce_tier t ON t.id = e.tier_id
LEFT JOIN competencies_holding h
    ON h.user_id = e.user_id AND h.capability_id = e.capability_id AND h.during @> %(on)s::date
GROUP BY t."order", t.key, ec."order", c.code, ec.name, d.name, e.local_to
ORDER BY t."order", ec."order", e.local_to
