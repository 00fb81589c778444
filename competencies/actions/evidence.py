"""Evidence and holdings follow the record: awarded when it shows something, withdrawn when it no longer does."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from learning.models import Activity, Statement
from learning.prepared import rows_of
from workforce.models import User
from workforce.models.ranges import during

from ..derivation import Award, awards_from, holdings_from
from ..equivalence import with_equivalents
from ..models import Capability, Edition, Evidence, EvidenceRule, Holding
from ..queries.record import equivalences, evidence_of, evidence_rules, statements_shown_for, validity

PEOPLE_AT_A_TIME = 500


@dataclass(frozen=True)
class RuleSpec:
    """An evidence rule as its author writes it; `after` is (activity IRI, verb) that it waits for."""

    verb: str
    capability_code: str
    level: int
    after: tuple[str, str] | None = None


@transaction.atomic
def set_evidence_rules(*, activity_iri: str, rules: Sequence[RuleSpec], on: date | None = None) -> None:
    """Make these the rules of an activity from `on` (default tomorrow). Its first rules hold for all time.

    Rules that are gone end on that day and give nothing for later statements; what they gave stays. They end at
    the end of a day, because statements of one day must all meet the same rules.
    """
    on = on or timezone.localdate() + timedelta(days=1)
    activity = Activity.objects.named(activity_iri)
    existing = list(
        EvidenceRule.objects.filter(activity=activity).select_related("capability", "after_activity")
    )
    open_now = {_spec(rule): rule for rule in existing if rule.during.upper is None}
    gone = [rule.pk for spec, rule in open_now.items() if spec not in rules]
    _end(gone, on)
    EvidenceRule.objects.bulk_create(
        _rule(activity, spec, on if existing else None) for spec in rules if spec not in open_now
    )
    if rules and not existing:
        before = Statement.objects.filter(activity=activity, actor__user__isnull=False)
        if people := set(before.values_list("actor__user", flat=True)):
            award_evidence(users=people)


def _spec(rule: EvidenceRule) -> RuleSpec:
    after = (rule.after_activity.iri, rule.after_verb) if rule.after_activity else None
    return RuleSpec(rule.verb, rule.capability.code, rule.level, after)


def _end(rules: Collection[int], on: date) -> None:
    for rule in EvidenceRule.objects.filter(pk__in=rules):
        if rule.during.lower is not None and rule.during.lower >= on:
            rule.delete()
        else:
            rule.during = during(rule.during.lower, on)
            rule.save(update_fields=["during"])


def _rule(activity: Activity, spec: RuleSpec, start: date | None) -> EvidenceRule:
    after = Activity.objects.named(spec.after[0]) if spec.after else None
    return EvidenceRule(
        activity=activity,
        verb=spec.verb,
        capability=Capability.objects.get(code=spec.capability_code),
        level=spec.level,
        after_activity=after,
        after_verb=spec.after[1] if spec.after else "",
        during=during(start) if start else DateRange(None, None, "[)"),
    )


@transaction.atomic(savepoint=False)
def award_evidence(*, users: Collection[int]) -> None:
    """Bring these people's evidence and holdings in line with the record.

    Running it again changes nothing. The rows of the people are locked first, so that two requests
    about one person follow each other.
    """
    people = [pk for (pk,) in rows_of(_LOCK, {"users": [str(user) for user in users]})]
    shown = statements_shown_for(people)
    rules = evidence_rules({statement.activity_id for user in shown for statement in shown[user]})
    months = validity()
    maps = equivalences()
    wanted = {
        (user, award)
        for user in people
        for award in with_equivalents(awards_from(shown[user], rules, months), maps)
    }
    _bring_in_line(people, wanted)


_LOCK = "SELECT id FROM workforce_user WHERE id = ANY(%(users)s::bigint[]) ORDER BY id FOR NO KEY UPDATE"


def _bring_in_line(people: Collection[int], wanted: set[tuple[int, Award]]) -> None:
    existing = evidence_of(people)
    changed: set[tuple[int, int]] = set()
    withdrawn, new = [], []
    for user, award in sorted(wanted, key=_in_the_order_recorded):
        known = existing.pop((user, replace(award, withdrawn_at=None)), None)
        if known is None:
            new.append(_row(user, award))
        elif known[1] != award.withdrawn_at:
            withdrawn.append(Evidence(pk=known[0], withdrawn_at=award.withdrawn_at))
        else:
            continue
        changed.add((user, award.capability_id))
    # What the record no longer gives at all, such as an award that a statement of an earlier day now dates back.
    changed |= {(user, award.capability_id) for user, award in existing}
    if existing:
        Evidence.objects.filter(pk__in=[pk for pk, _ in existing.values()]).delete()
    Evidence.objects.bulk_update(withdrawn, ["withdrawn_at"])
    Evidence.objects.bulk_create(new)
    _derive_holdings(changed, wanted)


def _in_the_order_recorded(pair: tuple[int, Award]) -> tuple[object, ...]:
    user, award = pair
    return award.recorded_at, user, award.capability_id, award.level


def _row(user: int, award: Award) -> Evidence:
    return Evidence(user_id=user, **award.__dict__)


def _derive_holdings(pairs: Collection[tuple[int, int]], evidence: Iterable[tuple[int, Award]]) -> None:
    """Replace the holdings of these (user, capability) pairs by what this evidence, all of theirs, gives."""
    if not pairs:
        return
    current: dict[tuple[int, int], list[tuple[int, date, date | None]]] = defaultdict(list)
    for user, award in evidence:
        if award.withdrawn_at is None:
            current[user, award.capability_id].append((award.level, award.achieved, award.expires))
    ordered = sorted(pairs)
    ended = {"users": [str(user) for user, _ in ordered], "capabilities": [str(pk) for _, pk in ordered]}
    rows_of(_END_HOLDINGS, ended)
    Holding.objects.bulk_create(
        Holding(user_id=user, capability_id=capability, level=level, during=during(start, end))
        for user, capability in ordered
        for level, start, end in holdings_from(current[user, capability])
    )


_END_HOLDINGS = """
DELETE FROM competencies_holding WHERE id = ANY(ARRAY(
    SELECT held.id FROM unnest(%(users)s::bigint[], %(capabilities)s::bigint[]) AS pair (who, what),
    LATERAL (
        SELECT id FROM competencies_holding WHERE user_id = pair.who AND capability_id = pair.what OFFSET 0
    ) held
))
"""


@transaction.atomic
def carry_over(*, edition: Edition) -> int:
    """Give everybody what the edition's map gives them; returns how many people it is about."""
    old = edition.equivalences.values("old_capability")
    people = list(
        Evidence.objects.filter(capability__in=old).order_by("user").values_list("user", flat=True).distinct()
    )
    for start in range(0, len(people), PEOPLE_AT_A_TIME):
        award_evidence(users=people[start : start + PEOPLE_AT_A_TIME])
    return len(people)


@transaction.atomic
def rebuild_evidence() -> int:
    """Throw away all evidence and holdings and derive them again from the record; returns the rows of evidence."""
    Holding.objects.all().delete()
    Evidence.objects.all().delete()
    people = list(
        User.objects.filter(actors__isnull=False).order_by("pk").distinct().values_list("pk", flat=True)
    )
    for start in range(0, len(people), PEOPLE_AT_A_TIME):
        award_evidence(users=people[start : start + PEOPLE_AT_A_TIME])
    return Evidence.objects.count()
