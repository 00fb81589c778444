"""Plans as their people see them, and as those who lead see them: counts, never names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import Lower

from workforce.models import Organisation, User

from ..coverage.disclosure import HIDDEN_INSIDE, INSIDE_MINIMUM, number_text
from ..models import LearningPlan, PlanAct, PlanAssignment, PlanItem
from .doing import DONE, about

_HERE = Path(__file__).parent
_ITEMS_DONE = DONE + (_HERE / "items_done.sql").read_text(encoding="utf-8")
_ITEMS_COUNTED = DONE + (_HERE / "items_counted.sql").read_text(encoding="utf-8")
MOST_EARLIER = 20


@dataclass(frozen=True)
class OwnItem:
    name: str
    code: str  # of the capability; empty for a module
    module_iri: str
    done: bool


@dataclass(frozen=True)
class OwnPlan:
    """A plan that a person is on."""

    title: str
    why: str
    made_by: str
    since: date
    due: date
    met_on: date | None
    items: tuple[OwnItem, ...]
    was_due: bool

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)


def own_plans(user: User, on: date) -> list[OwnPlan]:
    """The plans that a person is on, soonest due first and those that are done last. Three queries at most."""
    assignments = list(
        PlanAssignment.objects.filter(user=user, ended_on=None)
        .select_related("plan__made_by")
        .order_by(F("met_on").asc(nulls_first=True), "due", "pk")
    )
    if not assignments:
        return []
    items: dict[int, list[PlanItem]] = {}
    for item in PlanItem.objects.filter(plan__in=[a.plan_id for a in assignments]).select_related(
        "capability"
    ):
        items.setdefault(item.plan_id, []).append(item)
    done = _done(assignments={a.pk for a in assignments}, on=on)
    return [_own(a, items[a.plan_id], done.get(a.pk, set()), on) for a in assignments]


def _own(a: PlanAssignment, items: Iterable[PlanItem], done: Collection[int], on: date) -> OwnPlan:
    return OwnPlan(
        title=a.plan.title,
        why=a.plan.why,
        made_by=a.plan.made_by.name,
        since=a.since,
        due=a.due,
        met_on=a.met_on,
        items=tuple(
            OwnItem(str(i), i.capability.code if i.capability else "", i.module_iri, i.pk in done)
            for i in items
        ),
        was_due=a.due < on,
    )


def _done(*, assignments: Collection[int], on: date) -> dict[int, set[int]]:
    """Place on a plan → the items of it that are done, as settle.sql judges them."""
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS_DONE, about(on, assignments=sorted(assignments)))
        for pk, item in cursor.fetchall():
            found.setdefault(pk, set()).add(item)
    return found


def earlier_plans(user: User) -> list[PlanAct]:
    """How a person's ended places on plans ended, newest first."""
    ending = (PlanAct.Act.END, PlanAct.Act.REMOVE)
    acts = PlanAct.objects.filter(assignment__user=user, act__in=ending).select_related(
        "assignment__plan", "by"
    )
    return list(acts.order_by("-pk")[:MOST_EARLIER])


@dataclass(frozen=True)
class Progress:
    """How a plan goes. `met` is None where it was given to too few people to say.

    It counts everybody who was ever on the plan, so that taking one person off it tells nothing about them.
    """

    given: int
    now: int
    met: int | None

    @property
    def met_text(self) -> str:
        return HIDDEN if self.met is None else number_text(self.met)

    @property
    def open_text(self) -> str:
        return HIDDEN if self.met is None else number_text(self.given - self.met)


HIDDEN = f"not shown: {HIDDEN_INSIDE} people"


def progress_of(plans: Collection[LearningPlan]) -> dict[int, Progress]:
    """Each of the plans, by its id. One query."""
    given = Count("user", distinct=True)
    rows = (
        PlanAssignment.objects.filter(plan__in=[plan.pk for plan in plans])
        .values("plan")
        .annotate(
            given=given,
            now=Count("pk", filter=Q(ended_on=None)),
            met=Count("user", distinct=True, filter=Q(met_on__isnull=False)),
        )
        .order_by()
        .values_list("plan", "given", "now", "met")
    )
    found = {plan: Progress(*_protected(given, now, met)) for plan, given, now, met in rows}
    return {plan.pk: found.get(plan.pk, Progress(0, 0, None)) for plan in plans}


def _protected(given: int, now: int, met: int) -> tuple[int, int, int | None]:
    return given, now, met if given >= INSIDE_MINIMUM else None


def item_progress(plan: LearningPlan, progress: Progress, on: date) -> list[tuple[str, str]]:
    """Each thing that is asked, and how many of those ever asked have done it. Two queries."""
    items = list(plan.items.select_related("capability"))
    if progress.met is None:
        return [(str(item), HIDDEN) for item in items]
    with connection.cursor() as cursor:
        cursor.execute(
            _ITEMS_COUNTED,
            about(on, plans=[plan.pk]),
        )
        counted = dict(cursor.fetchall())
    return [(str(item), number_text(counted.get(item.pk, 0))) for item in items]


@dataclass(frozen=True)
class Named:
    """Who is meant by staff numbers and addresses, and which of these name nobody there."""

    people: list[User]
    unknown: list[str]


def people_named(
    names: Collection[str], organisation: Organisation, teams: Collection[int] | None, on: date
) -> Named:
    """The people with a post there on the day who have these staff numbers or e-mail addresses. Two queries at most."""
    in_post = Q(
        memberships__posts__superseded_at=None,
        memberships__posts__during__contains=on,
        memberships__organisation=organisation,
    )
    if teams is not None:
        in_post &= Q(memberships__posts__team__in=teams)
    wanted = {name.strip().lower() for name in names if name.strip()}
    rows = (
        User.objects.filter(in_post)
        .annotate(number=Lower("memberships__staff_number"))
        .filter(Q(number__in=wanted) | Q(email__in=wanted))
        .distinct()
    )
    people = {user.pk: user for user in rows}
    known = {row.number for row in rows} | {row.email for row in rows}
    return Named(list(people.values()), sorted(wanted - known))


def person_on(plan: LearningPlan, named: str) -> User | None:
    """The person on a plan who has this staff number or e-mail address. One query."""
    named = named.strip()
    number = Q(memberships__organisation=plan.organisation_id, memberships__staff_number__iexact=named)
    on_it = PlanAssignment.objects.filter(plan=plan, ended_on=None)
    people = User.objects.filter(number | Q(email=named.lower()), pk__in=on_it.values("user"))
    return people.distinct().first()
