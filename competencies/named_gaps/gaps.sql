-- Goes on from expected.sql: what people of one team are asked and do not hold on the day. Not those on long leave,
-- and nothing of patient representatives, whom no gap presses.
SELECT u.id, u.name, c.code, ec.name, max(e.level), min(e.due), coalesce(max(h.level), 0)
FROM expected e
JOIN workforce_user u ON u.id = e.user_id
JOIN workforce_tier t ON t.id = e.tier_id AND t.key <> 'patients'
JOIN competencies_capability c ON c.id = e.capability_id
JOIN competencies_editioncapability ec ON ec.capability_id = c.id AND ec.edition_id = e.edition_id
LEFT JOIN competencies_holding h
    ON h.user_id = e.user_id AND h.capability_id = e.capability_id AND h.during @> %(on)s::date
WHERE e.team_id = %(team)s
  AND NOT EXISTS (
      SELECT 1
      FROM workforce_absence a
      JOIN workforce_membership m ON m.id = a.membership_id
      WHERE m.user_id = e.user_id AND m.organisation_id = %(organisation)s AND a.superseded_at IS NULL
        AND a.during @> %(on)s::date
        AND (upper(a.during) IS NULL OR upper(a.during) - lower(a.during) > %(long_leave)s)
  )
GROUP BY u.id, u.name, c.code, ec.name, ec."order"
HAVING coalesce(max(h.level), 0) < max(e.level)
ORDER BY lower(u.name), u.id, ec."order"
