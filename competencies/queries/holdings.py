"""What one person holds, since when and until when, and on what evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from learning.models import Statement
from workforce.models import User

from ..models import Edition, EditionCapability, Evidence, Holding, VerificationAct


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
    rows = list(
        Evidence.objects.filter(user=user, capability__code=code, withdrawn_at=None)
        .select_related("statement__activity", "statement__credential")
        .order_by("statement_id", "-level")
        .distinct("statement_id")
    )
    practice = _confirmations(row.statement for row in rows)
    found = [_ground(row, practice.get(row.statement_id)) for row in rows]
    return sorted(found, key=lambda ground: (ground.achieved, ground.level), reverse=True)


def _confirmations(statements: Iterable[Statement]) -> dict[object, VerificationAct]:
    acts = VerificationAct.objects.filter(statement__in=[statement.pk for statement in statements])
    return {act.statement_id: act for act in acts.select_related("practice", "verifier")}


def _ground(evidence: Evidence, act: VerificationAct | None) -> Ground:
    statement = evidence.statement
    return Ground(
        level=evidence.level,
        verb=statement.verb,
        title=act.practice.title if act else _title(statement),
        achieved=evidence.achieved,
        expires=evidence.expires,
        verifier=act.verifier.name if act else "",
        system=statement.credential.name if statement.credential else "",
    )


def _title(statement: Statement) -> str:
    """The name of what was done, as the record knows it; empty where it knows none."""
    names = statement.activity.definition.get("name", {}) if statement.activity else {}
    return str(names.get("en-GB") or next(iter(names.values()), ""))
