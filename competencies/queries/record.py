"""What the record says about people, in the shape that the derivation of evidence needs."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from learning import verbs
from learning.iris import EXPIRES_EXTENSION
from learning.keys import key_of
from learning.models import Actor, Statement, Usage
from learning.prepared import rows_of
from learning.xapi.actors import account_key

from ..derivation import Award, Rule, Shown, Validity
from ..equivalence import EquivalenceMap
from ..models import Edition, EditionAct

# What another system may show for its own people: what it taught and checked, never practice.
TRUSTED_FROM_OUTSIDE = (verbs.COMPLETED, verbs.PASSED)


def evidence_rules(activities: Collection[UUID]) -> list[Rule]:
    """The rules of these activities, of every day."""
    return [
        Rule(
            activity,
            verb,
            capability,
            level,
            # Prior learning that was accepted for the module opens what its check would open.
            ((after_activity, after_verb), (after_activity, verbs.WAIVED)) if after_activity else (),
            start,
            end,
        )
        for activity, verb, capability, level, after_activity, after_verb, start, end in rows_of(
            _RULES, {"activities": sorted(map(str, activities))}
        )
    ]


# What follows is asked for each person whose evidence may change, inside the transaction that stores a statement.
# LATERAL and OFFSET 0 leave one way to each row: by the index on its person. The plan is made once, and whole tables
# are small on the day on which it is made, and large later.
_RULES = """
SELECT activity_id, verb, capability_id, level, after_activity_id, after_verb, lower(during), upper(during)
FROM competencies_evidencerule WHERE activity_id = ANY(%(activities)s::uuid[]) ORDER BY id
"""


def validity() -> Validity:
    months: dict[tuple[int, date], dict[int, int | None]] = defaultdict(dict)
    for edition, dated, number, valid_for in rows_of(_VALIDITY, {"issued": [*Edition.ISSUED]}):
        months[edition, dated][number] = valid_for
    return Validity([(dated, given) for (_, dated), given in months.items()])


_VALIDITY = """
SELECT edition.id, edition.dated, level.number, level.validity_months
FROM competencies_edition edition JOIN competencies_level level ON level.edition_id = edition.id
WHERE edition.state = ANY(%(issued)s::text[]) ORDER BY edition.dated, edition.version
"""


def equivalences() -> list[EquivalenceMap]:
    """The maps of the published editions."""
    maps: dict[tuple[int, date, datetime], dict[tuple[int, int], dict[int, int]]] = {}
    asked = {"issued": [*Edition.ISSUED], "publish": EditionAct.Act.PUBLISH}
    for edition, dated, at, old, old_level, new, new_level in rows_of(_EQUIVALENCES, asked):
        maps.setdefault((edition, dated, at), {}).setdefault((old, old_level), {})[new] = new_level
    return [EquivalenceMap(dated, at, rows) for (_, dated, at), rows in maps.items()]


_EQUIVALENCES = """
SELECT edition.id, edition.dated, published.at, row.old_capability_id, row.old_level, row.new_capability_id,
    row.new_level
FROM competencies_equivalence row
JOIN competencies_edition edition ON edition.id = row.edition_id
JOIN competencies_editionact published ON published.edition_id = edition.id AND published.act = %(publish)s
WHERE edition.state = ANY(%(issued)s::text[]) ORDER BY row.id
"""


def people_shown_by(statements: Collection[Statement]) -> set[int]:
    """Ids of the users whose evidence these statements may change; most statements change none."""
    keys = _keys(statements)
    direct = {s.pk for s in statements if (s.activity_id, s.verb) in keys}
    through = {s.target for s in statements if s.verb == verbs.VERIFIED and s.target}
    through |= {s.pk for s in statements if s.verb == verbs.SUBMITTED and s.voided_by}
    conferred = {agent for s in statements if s.verb == verbs.CONFERRED if (agent := _agent_of(s))}
    if not direct | through | conferred:
        return set()
    people = Statement.objects.filter(pk__in=direct | through, actor__user__isnull=False)
    named = Actor.objects.filter(pk__in=conferred, user__isnull=False) if conferred else Actor.objects.none()
    return {*people.values_list("actor__user", flat=True), *named.values_list("user", flat=True)}


def _agent_of(conferral: Statement) -> UUID | None:
    """The person who is the object of an award, if this system said it; nobody else's awards count."""
    account = conferral.content["object"].get("account") if conferral.credential_id is None else None
    return key_of(account_key(account["homePage"], account["name"])) if account else None


def _keys(statements: Collection[Statement]) -> set[tuple[UUID | None, str]]:
    """The (activity, verb) pairs among these that a rule matches or waits for."""
    activities = {str(s.activity_id) for s in statements if s.activity_id}
    return set(rows_of(_WAITED_FOR, {"activities": sorted(activities)})) if activities else set()


# Asked of every statement of everybody who is known.
_WAITED_FOR = """
SELECT activity_id, verb FROM competencies_evidencerule WHERE activity_id = ANY(%(activities)s::uuid[])
UNION ALL
SELECT after_activity_id, after_verb FROM competencies_evidencerule
WHERE after_activity_id = ANY(%(activities)s::uuid[])
"""


def evidence_of(users: Collection[int]) -> dict[tuple[int, Award], tuple[int, datetime | None]]:
    """What is kept as evidence: (user, award as if it stood) to (key of the row, when it was withdrawn)."""
    return {
        (user, Award(capability, level, statement, achieved, expires, recorded_at, None)): (pk, withdrawn_at)
        for pk, user, capability, level, statement, achieved, expires, recorded_at, withdrawn_at in rows_of(
            _EVIDENCE, {"users": _listed(users)}
        )
    }


_EVIDENCE = """
SELECT id, user_id, capability_id, level, statement_id, achieved, expires, recorded_at, withdrawn_at
FROM unnest(%(users)s::bigint[]) AS person (id_of),
LATERAL (SELECT * FROM competencies_evidence WHERE user_id = person.id_of OFFSET 0) evidence
"""


def _listed(users: Collection[int]) -> list[str]:
    return [str(user) for user in sorted(users)]


def statements_shown_for(users: Collection[int]) -> dict[int, list[Shown]]:
    """Each person's statements that a rule may match, voided ones included, in the order they were stored."""
    shown: dict[int, list[Shown]] = defaultdict(list)
    asked = {
        "users": _listed(users),
        "submitted": verbs.SUBMITTED,
        "verified": verbs.VERIFIED,
        "conferred": verbs.CONFERRED,
        "waived": verbs.WAIVED,
        "from_outside": list(TRUSTED_FROM_OUTSIDE),
        "as_object": int(Usage.OBJECT),
        "expires": EXPIRES_EXTENSION,
        "zone": settings.TIME_ZONE,
    }
    for sql in (_OWN, _VERIFIED, _CONFERRED):
        for user, pk, activity, verb, timestamp, stored, voided_at, until in rows_of(sql, asked):
            shown[user].append(Shown(pk, activity, verb, _day(timestamp, stored), stored, voided_at, until))
    return shown


# Those of this system, and of credentials that may give evidence for people in post there on the day. Not voided before
# it came: such a statement never counted. What was learned elsewhere may end before the edition says so: its statement
# holds the day.
_OWN = """
SELECT person.user_id, said.id, said.activity_id, said.verb, said.timestamp, said.stored, said.voided_at,
    CASE WHEN said.verb = %(waived)s
    THEN (said.payload::jsonb #>> ARRAY['context', 'extensions', %(expires)s])::date END
FROM learning_actor person,
(
    SELECT verb FROM competencies_evidencerule UNION SELECT after_verb FROM competencies_evidencerule
    UNION SELECT %(waived)s
) kind,
LATERAL (
    SELECT * FROM learning_statement WHERE actor_id = person.id AND verb = kind.verb AND (activity_id, verb) IN (
        SELECT activity_id, verb FROM competencies_evidencerule
        UNION ALL SELECT after_activity_id, after_verb FROM competencies_evidencerule
        UNION ALL SELECT after_activity_id, %(waived)s FROM competencies_evidencerule
    ) OFFSET 0
) said
WHERE person.user_id = ANY(%(users)s::bigint[]) AND kind.verb <> %(verified)s
AND (said.voided_at IS NULL OR said.voided_at > said.stored)
AND (said.credential_id IS NULL OR said.verb = ANY(%(from_outside)s::text[]) AND EXISTS (
    SELECT FROM learning_credential credential
    JOIN workforce_membership membership ON membership.organisation_id = credential.organisation_id
    JOIN workforce_post post ON post.membership_id = membership.id
    WHERE credential.id = said.credential_id AND credential.gives_evidence
    AND membership.user_id = person.user_id AND post.superseded_at IS NULL
    AND post.during @> (said.timestamp AT TIME ZONE %(zone)s)::date
))
ORDER BY said.stored, said.id
"""

# Confirmations of a person's practice: the statement refers to the one by which it was put forward. Who takes that
# back takes what was confirmed of it.
_VERIFIED = """
SELECT person.user_id, confirmed.id, asked.activity_id, confirmed.verb, confirmed.timestamp, confirmed.stored,
    LEAST(confirmed.voided_at, asked.voided_at), NULL::date
FROM learning_actor person,
LATERAL (SELECT * FROM learning_statement WHERE actor_id = person.id AND verb = %(submitted)s OFFSET 0) asked,
LATERAL (SELECT * FROM learning_statement WHERE target = asked.id AND verb = %(verified)s OFFSET 0) confirmed
WHERE person.user_id = ANY(%(users)s::bigint[]) AND confirmed.credential_id IS NULL
AND (confirmed.voided_at IS NULL OR confirmed.voided_at > confirmed.stored)
ORDER BY confirmed.stored, confirmed.id
"""


# Awards by a panel. Under the rules each is a confirmation of the portfolio that stands as its parent.
_CONFERRED = """
SELECT person.user_id, award.id, portfolio.id, %(verified)s, award.timestamp, award.stored, award.voided_at,
    NULL::date
FROM learning_actor person,
LATERAL (
    SELECT statement_id FROM learning_statementactor
    WHERE target_id = person.id AND usages & %(as_object)s <> 0 OFFSET 0
) link,
LATERAL (SELECT * FROM learning_statement WHERE id = link.statement_id OFFSET 0) award,
LATERAL jsonb_array_elements(award.payload::jsonb #> '{context,contextActivities,parent}') AS parent (said),
LATERAL (SELECT id FROM learning_activity WHERE iri = parent.said ->> 'id' OFFSET 0) portfolio
WHERE award.verb = %(conferred)s AND person.user_id = ANY(%(users)s::bigint[]) AND award.credential_id IS NULL
AND (award.voided_at IS NULL OR award.voided_at > award.stored)
ORDER BY award.stored, award.id
"""


def _day(timestamp: datetime, stored: datetime) -> date:
    """The day it was true, in England; a time after it was stored cannot be believed."""
    return timezone.localdate(min(timestamp, stored))
