-- Everything that happened to one person and to what they hold, newest first. Each act stands in one table only;
-- this lays them side by side. What two people wrote to each other about practice stays where it is, and so does
-- what one member of a panel said, until the panel has decided.
SELECT happened.at, happened.kind, happened.act, who.id, who.name, happened.title, capability.code, happened.level,
    happened."on", happened.until, happened.reason,
    source.verb, coalesce(practice.title, portfolio.title, activity.definition #>> '{name,en-GB}', ''),
    coalesce(confirmed.signed_name, credential.name, '')
FROM (
    SELECT act.at, 'practice' AS kind, act.act, act.by_id, practice.title, NULL::bigint AS capability_id,
        NULL::integer AS level, NULL::date AS "on", NULL::date AS until,
        CASE WHEN act.act = 'decline' THEN act.reason ELSE '' END AS reason, act.number::bigint AS place,
        NULL::uuid AS source_id
    FROM competencies_verificationact act
    JOIN competencies_practice practice ON practice.id = act.practice_id
    WHERE act.owner_id = %(user)s
    UNION ALL
    SELECT act.at, 'panel',
        CASE WHEN act.act IN ('agree', 'not_yet') AND NOT decided THEN 'answer' ELSE act.act END,
        act.by_id, portfolio.title, NULL, NULL, NULL, NULL,
        CASE WHEN act.act IN ('agree', 'not_yet') AND NOT decided THEN '' ELSE act.reason END, act.number, NULL
    FROM competencies_panelact act
    JOIN competencies_portfolio portfolio ON portfolio.id = act.portfolio_id
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM competencies_panelact last
            WHERE last.portfolio_id = act.portfolio_id AND last.round = act.round
            AND last.state IN ('conferred', 'not_yet')
        ) AS decided
    ) panel
    WHERE act.owner_id = %(user)s
    UNION ALL
    SELECT act.at, 'plan', act.act, act.by_id, plan.title, NULL, NULL, NULL,
        CASE WHEN act.act = 'plan' THEN assignment.due END, act.reason, act.number, NULL
    FROM competencies_planact act
    JOIN competencies_planassignment assignment ON assignment.id = act.assignment_id
    JOIN competencies_learningplan plan ON plan.id = assignment.plan_id
    WHERE assignment.user_id = %(user)s
    UNION ALL
    SELECT at, 'own_view', 'assess', user_id, '', capability_id, level, NULL, NULL, '', id, NULL
    FROM competencies_selfassessment WHERE user_id = %(user)s
    UNION ALL
    SELECT at, 'capability', act, by_id, '', capability_id, level, "on", until, reason, id, source_id
    FROM competencies_capabilityact WHERE user_id = %(user)s
) happened
LEFT JOIN workforce_user who ON who.id = happened.by_id
LEFT JOIN competencies_capability capability ON capability.id = happened.capability_id
-- What a level rests on, in a word: a check, practice that somebody confirmed, or a portfolio.
LEFT JOIN learning_statement source ON source.id = happened.source_id
LEFT JOIN learning_activity activity ON activity.id = source.activity_id
LEFT JOIN learning_credential credential ON credential.id = source.credential_id
LEFT JOIN competencies_verificationact confirmed ON confirmed.statement_id = source.id AND confirmed.act = 'verify'
LEFT JOIN competencies_practice practice ON practice.id = confirmed.practice_id
LEFT JOIN competencies_panelact awarded ON awarded.statement_id = source.id AND awarded.state = 'conferred'
LEFT JOIN competencies_portfolio portfolio ON portfolio.id = awarded.portfolio_id
ORDER BY happened.at DESC, happened.place DESC, happened.kind
