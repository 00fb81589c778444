"""What the record says about people, in the shape that the derivation of evidence needs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from learning import verbs
from learning.models import Statement
from learning.prepared import rows_of
from workforce.models import Post

from ..derivation import Rule, Shown, Validity
from ..equivalence import EquivalenceMap
from ..models import Edition, EditionAct, Equivalence, EvidenceRule, Level

# Not voided before it came: such a statement never counted.
_STOOD = Q(voided_at__isnull=True) | Q(voided_at__gt=F("stored"))

# What another system may show for its own people: what it taught and checked, never practice.
TRUSTED_FROM_OUTSIDE = (verbs.COMPLETED, verbs.PASSED)


def evidence_rules() -> list[Rule]:
    fields = ("activity", "verb", "capability", "level", "after_activity", "after_verb", "during")
    return [
        Rule(
            activity,
            verb,
            capability,
            level,
            # Prior learning that was accepted for the module opens what its check would open.
            ((after_activity, after_verb), (after_activity, verbs.WAIVED)) if after_activity else (),
            during.lower,
            during.upper,
        )
        for activity, verb, capability, level, after_activity, after_verb, during in (
            EvidenceRule.objects.values_list(*fields)
        )
    ]


def validity() -> Validity:
    """One query."""
    months: dict[tuple[int, date], dict[int, int | None]] = {}
    levels = Level.objects.filter(edition__state__in=Edition.ISSUED).order_by("edition", "number")
    for edition, dated, number, valid in levels.values_list(
        "edition_id", "edition__dated", "number", "validity_months"
    ):
        months.setdefault((edition, dated), {})[number] = valid
    return Validity([(dated, given) for (_, dated), given in months.items()])


def equivalences() -> list[EquivalenceMap]:
    """The maps of the published editions. One query."""
    rows: dict[tuple[int, date, datetime], dict[tuple[int, int], dict[int, int]]] = {}
    published = Equivalence.objects.filter(
        edition__state__in=Edition.ISSUED, edition__acts__act=EditionAct.Act.PUBLISH
    ).order_by("pk")
    for edition, dated, at, old, old_level, new, new_level in published.values_list(
        "edition",
        "edition__dated",
        "edition__acts__at",
        "old_capability",
        "old_level",
        "new_capability",
        "new_level",
    ):
        rows.setdefault((edition, dated, at), {}).setdefault((old, old_level), {})[new] = new_level
    return [EquivalenceMap(dated, at, given) for (_, dated, at), given in rows.items()]


def people_shown_by(statements: Collection[Statement]) -> set[int]:
    """Ids of the users whose evidence these statements may change; most statements change none."""
    keys = _keys(statements)
    direct = {s.pk for s in statements if (s.activity_id, s.verb) in keys}
    through = {s.target for s in statements if s.verb == verbs.VERIFIED and s.target}
    through |= {s.pk for s in statements if s.verb == verbs.SUBMITTED and s.voided_by}
    if not direct | through:
        return set()
    people = Statement.objects.filter(pk__in=direct | through, actor__user__isnull=False)
    return set(people.values_list("actor__user", flat=True))


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


def statements_shown_for(users: Collection[int], rules: Iterable[Rule]) -> dict[int, list[Shown]]:
    """Each person's statements that a rule may match, voided ones included, in the order they were stored."""
    keys = {(rule.activity_id, rule.verb) for rule in rules} | {key for rule in rules for key in rule.after}
    shown: dict[int, list[Shown]] = defaultdict(list)
    for user, statement in [*_own(users, keys), *_verified(users)]:
        if (statement.activity_id, statement.verb) in keys:
            shown[user].append(statement)
    return shown


def _own(users: Collection[int], keys: Collection[tuple[UUID, str]]) -> list[tuple[int, Shown]]:
    rows = (
        Statement.objects.filter(
            actor__user__in=users,
            activity__in={activity for activity, _ in keys},
            verb__in={verb for _, verb in keys} - {verbs.VERIFIED},
        )
        .filter(_trusted(), _STOOD)
        .order_by("stored", "pk")
        .values_list("actor__user", "pk", "activity_id", "verb", "timestamp", "stored", "voided_at")
    )
    return [
        (user, Shown(pk, activity, verb, _day(timestamp, stored), stored, voided_at))
        for user, pk, activity, verb, timestamp, stored, voided_at in rows
    ]


def _trusted() -> Q:
    """Statements of this system, and of credentials that may give evidence for people in post there on the day."""
    in_post = Post.objects.filter(
        membership__user=OuterRef("actor__user"),
        membership__organisation=OuterRef("credential__organisation"),
        superseded_at=None,
        during__contains=TruncDate(ExpressionWrapper(OuterRef("timestamp"), DateTimeField())),
    )
    outside = Q(Exists(in_post), credential__gives_evidence=True, verb__in=TRUSTED_FROM_OUTSIDE)
    return Q(credential__isnull=True) | outside


def _verified(users: Collection[int]) -> list[tuple[int, Shown]]:
    """Confirmations of a person's practice: the statement refers to the one by which it was put forward."""
    confirmations = Statement.objects.filter(
        _STOOD,
        verb=verbs.VERIFIED,
        credential__isnull=True,
        target__in=Statement.objects.filter(actor__user__in=users, verb=verbs.SUBMITTED).values("pk"),
    ).order_by("stored", "pk")
    put_forward = {
        pk: (user, activity, voided_at)
        for pk, user, activity, voided_at in Statement.objects.filter(
            pk__in=[c.target for c in confirmations]
        ).values_list("pk", "actor__user", "activity_id", "voided_at")
    }
    found = []
    for c in confirmations:
        user, activity, taken_away = put_forward[cast(UUID, c.target)]
        voided_at = min(filter(None, (c.voided_at, taken_away)), default=None)
        found.append((user, Shown(c.pk, activity, c.verb, _day(c.timestamp, c.stored), c.stored, voided_at)))
    return found


def _day(timestamp: datetime, stored: datetime) -> date:
    """The day it was true, in England; a time after it was stored cannot be believed."""
    return timezone.localdate(min(timestamp, stored))
