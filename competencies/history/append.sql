-- What the evidence and the holdings of some people show, and was not appended yet. It changes nothing when it runs
-- again: a row that is there is left out, and two at once meet the unique keys.
WITH shown AS (
    -- A statement that shows several levels is told once, at the highest.
    SELECT DISTINCT ON (e.statement_id, e.capability_id, e.recorded_at)
        e.user_id, e.capability_id, e.level, e.statement_id, e.achieved, e.expires, e.recorded_at, e.withdrawn_at
    FROM competencies_evidence e
    WHERE e.user_id = ANY(%(users)s::bigint[])
    ORDER BY e.statement_id, e.capability_id, e.recorded_at, e.level DESC
),
became (user_id, capability_id, level, act, "on", until, at, by_id, reason, source_id) AS (
    SELECT user_id, capability_id, level, 'achieve', achieved, expires, recorded_at, NULL::bigint, 'shown', statement_id
    FROM shown
    UNION ALL
    -- Taken back, and not only dated anew. An award of a panel says so itself (competencies.portfolio.appending).
    SELECT shown.user_id, shown.capability_id, shown.level, 'revoke',
        (shown.withdrawn_at AT TIME ZONE %(zone)s)::date, NULL, shown.withdrawn_at, who.user_id, 'voided',
        shown.statement_id
    FROM shown
    JOIN learning_statement source ON source.id = shown.statement_id AND source.verb <> %(conferred)s
    LEFT JOIN learning_statement voiding ON voiding.id = source.voided_by AND source.voided_at = shown.withdrawn_at
    LEFT JOIN learning_actor who ON who.id = voiding.actor_id
    WHERE shown.withdrawn_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM competencies_evidence anew
        WHERE anew.user_id = shown.user_id AND anew.capability_id = shown.capability_id
        AND anew.statement_id = shown.statement_id AND anew.level = shown.level
        AND anew.recorded_at = shown.withdrawn_at
    )
    UNION ALL
    SELECT ended.user_id, ended.capability_id, ended.level, 'expire', upper(ended.during), NULL,
        greatest(upper(ended.during)::timestamp AT TIME ZONE %(zone)s, last.recorded_at), NULL,
        CASE WHEN next.level IS NULL THEN 'lapsed' ELSE 'fell_back' END, last.statement_id
    FROM competencies_holding ended
    LEFT JOIN competencies_holding next
        ON next.user_id = ended.user_id AND next.capability_id = ended.capability_id
        AND lower(next.during) = upper(ended.during)
    JOIN LATERAL (
        SELECT e.statement_id, e.recorded_at FROM competencies_evidence e
        WHERE e.user_id = ended.user_id AND e.capability_id = ended.capability_id AND e.level = ended.level
        AND e.expires = upper(ended.during) AND e.withdrawn_at IS NULL
        ORDER BY e.achieved DESC, e.recorded_at DESC, e.statement_id LIMIT 1
    ) last ON TRUE
    WHERE ended.user_id = ANY(%(users)s::bigint[]) AND upper(ended.during) <= %(on)s::date
    AND (next.level IS NULL OR next.level < ended.level)
)
INSERT INTO competencies_capabilityact
    (user_id, capability_id, level, act, "on", until, at, by_id, reason, source_id)
SELECT became.* FROM became
WHERE NOT EXISTS (
    SELECT FROM competencies_capabilityact told
    WHERE told.user_id = became.user_id AND told.capability_id = became.capability_id
    AND told.level = became.level AND told.act = became.act
    AND CASE WHEN became.act = 'expire' THEN told."on" = became."on"
        ELSE told.source_id = became.source_id AND told.at = became.at END
)
ORDER BY became.at, became.user_id, became.capability_id, became.level, became.act
ON CONFLICT DO NOTHING
