"""What one person holds, since when and until when, and on what evidence."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from learning import verbs
from learning.models import Statement
from workforce.models import User

from ..models import Edition, EditionCapability, Evidence, Holding, PanelAct, VerificationAct


@dataclass(frozen=True)
class Held:
    """One capability at the level held on a day; on `until` it no longer is, and None has no end."""

    code: str
    name: str
    level: int
    since: date
    until: date | None


@dataclass(frozen=True)
class Ground:
    """One thing that a person's record shows of a capability: what was done, when, and until when it counts.

    `verifier` is the person who confirmed it, where it is practice; `system` the other system that recorded it.
    """

    level: int
    verb: str
    title: str
    achieved: date
    expires: date | None
    verifier: str = ""
    system: str = ""


def held(user: User, on: date) -> list[Held]:
    """Everything that the person holds on the day, in the order of the newest edition."""
    newest = EditionCapability.objects.filter(
        capability=OuterRef("capability"), edition__state__in=Edition.ISSUED
    ).order_by("-edition__dated")
    rows = (
        Holding.objects.filter(user=user, during__contains=on)
        .annotate(name=Subquery(newest.values("name")[:1]), order=Subquery(newest.values("order")[:1]))
        .order_by("order", "pk")
        .values_list("capability__code", "name", "level", "during")
    )
    return [Held(code, name, level, during.lower, during.upper) for code, name, level, during in rows]


def grounds(user: User, code: str) -> list[Ground]:
    """What the person's record shows of one capability, newest first, lapsed evidence included. Two queries.

    A statement that shows several levels is told once, at the highest.
    """
    return _grounds(Evidence.objects.filter(user=user, capability__code=code)).get(code, [])


def every_ground(user: User) -> dict[str, list[Ground]]:
    """Capability code → what the person's record shows of it, as `grounds` tells it. Two queries for all."""
    return _grounds(Evidence.objects.filter(user=user))


def _grounds(evidence: QuerySet[Evidence]) -> dict[str, list[Ground]]:
    rows = list(
        evidence.filter(withdrawn_at=None)
        .select_related("capability", "statement__activity", "statement__credential")
        .order_by("statement_id", "capability_id", "-level")
        .distinct("statement_id", "capability_id")
    )
    confirmed = _confirmations(row.statement for row in rows) | _panels(row.statement for row in rows)
    found: dict[str, list[Ground]] = defaultdict(list)
    for row in rows:
        found[row.capability.code].append(_ground(row, confirmed.get(row.statement_id)))
    for of_one in found.values():
        of_one.sort(key=lambda ground: (ground.achieved, ground.level), reverse=True)
    return found


def _confirmations(statements: Iterable[Statement]) -> dict[object, tuple[str, str]]:
    """By statement: what was confirmed, and by whom."""
    acts = VerificationAct.objects.filter(statement__in=[statement.pk for statement in statements])
    return {
        act.statement_id: (act.practice.title, act.verifier.name)
        for act in acts.select_related("practice", "verifier")
    }


def _panels(statements: Iterable[Statement]) -> dict[object, tuple[str, str]]:
    """By statement: the portfolio for which a panel gave an award, and who sat. No query where there is none."""
    awards = [statement.pk for statement in statements if statement.verb == verbs.CONFERRED]
    acts = PanelAct.objects.filter(statement__in=awards).select_related("portfolio", "first", "second")
    return {
        act.statement_id: (act.portfolio.title, " and ".join(member.name for member in act.seats))
        for act in acts
    }


def _ground(evidence: Evidence, confirmed: tuple[str, str] | None) -> Ground:
    statement = evidence.statement
    return Ground(
        level=evidence.level,
        verb=statement.verb,
        title=confirmed[0] if confirmed else _title(statement),
        achieved=evidence.achieved,
        expires=evidence.expires,
        verifier=confirmed[1] if confirmed else "",
        system=statement.credential.name if statement.credential else "",
    )


def _title(statement: Statement) -> str:
    """The name of what was done, as the record knows it; empty where it knows none."""
    names = statement.activity.definition.get("name", {}) if statement.activity else {}
    return str(names.get("en-GB") or next(iter(names.values()), ""))
