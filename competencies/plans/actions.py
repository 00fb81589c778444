"""What somebody who leads does with a plan. Nothing is overwritten without a row that says who, when and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from workforce.models import Organisation, Team, Tier, User

from ..models import Capability, LearningPlan, PlanAct, PlanAssignment, PlanChange, PlanItem, PlanPerson
from .following import REACH, follow_posts
from .permissions import can_lead_plan, can_plan_for
from .wording import due_words

_HERE = Path(__file__).parent
_COUNT_REACHED = REACH + (_HERE / "count_reached.sql").read_text(encoding="utf-8")
_MOVE_DUE = REACH + (_HERE / "move_due.sql").read_text(encoding="utf-8")

MOST_ITEMS = 40
LONGEST_DAYS = 730


@dataclass(frozen=True)
class ItemSpec:
    """A capability (its code) at a level; or a module by its activity, its title and the verb that finishes it."""

    capability_code: str = ""
    level: int | None = None
    module_iri: str = ""
    module_verb: str = ""
    name: str = ""


@dataclass(frozen=True)
class Draft:
    """A plan as somebody who leads asks for it."""

    organisation: Organisation
    title: str
    why: str
    audience: str
    items: Sequence[ItemSpec]
    team: Team | None = None
    tier: Tier | None = None
    joined_from: date | None = None
    due_on: date | None = None
    due_days: int | None = None
    people: Sequence[User] = ()


@transaction.atomic
def make_plan(*, draft: Draft, by: User, at: datetime | None = None) -> LearningPlan:
    """Make a plan, and put everybody on it whom it fits today. Raises ValidationError with a sentence for people."""
    at = at or timezone.now()
    plan = _keep(draft, by, at)
    PlanChange.objects.create(plan=plan, kind=PlanChange.Kind.MADE, by=by, at=at, due=due_words(plan))
    follow_posts(plan=plan, at=at)
    return plan


def people_reached(*, draft: Draft, by: User, at: datetime | None = None) -> int:
    """How many people the plan would reach today. It is made, counted, and taken back."""
    at = at or timezone.now()
    with transaction.atomic():
        plan = _keep(draft, by, at)
        with connection.cursor() as cursor:
            values = {"plans": [plan.pk], "users": None, "on": timezone.localdate(at)}
            cursor.execute(_COUNT_REACHED, values)
            reached = int(cursor.fetchone()[0])
        transaction.set_rollback(True)
    return reached


def _keep(draft: Draft, by: User, at: datetime) -> LearningPlan:
    on = timezone.localdate(at)
    _check(draft, by, on)
    plan = LearningPlan.objects.create(
        organisation=draft.organisation,
        team=draft.team,
        title=draft.title.strip(),
        why=draft.why.strip(),
        audience=draft.audience,
        tier=draft.tier,
        joined_from=draft.joined_from,
        due_on=draft.due_on,
        due_days=draft.due_days,
        starts_on=on,
        made_by=by,
        made_at=at,
    )
    codes = [item.capability_code for item in draft.items if item.capability_code]
    capabilities = {one.code: one for one in Capability.objects.filter(code__in=codes)}
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan,
            capability=capabilities[item.capability_code] if item.capability_code else None,
            level=item.level,
            module_iri=item.module_iri,
            module_verb=item.module_verb,
            name=item.name,
        )
        for item in draft.items
    )
    PlanPerson.objects.bulk_create(PlanPerson(plan=plan, user=user) for user in draft.people)
    return plan


def _check(draft: Draft, by: User, on: date) -> None:
    if not can_plan_for(by, draft.organisation, draft.team, on):
        raise ValidationError("You can make plans for a team or an organisation that you lead.")
    if not draft.title.strip() or not draft.why.strip():
        raise ValidationError("Say what the plan is called, and why people are asked.")
    if not 1 <= len(draft.items) <= MOST_ITEMS:
        raise ValidationError(f"Choose 1 to {MOST_ITEMS} capabilities or modules.")
    if (draft.audience == LearningPlan.Audience.PEOPLE) != bool(draft.people):
        raise ValidationError("Name the people whom the plan is for.")
    _check_due(draft.due_on, draft.due_days, on)


def _check_due(due_on: date | None, due_days: int | None, on: date) -> None:
    if (due_on is None) == (due_days is None):
        raise ValidationError("Say by which day, or how many days after the post started.")
    if due_on is not None and due_on <= on:
        raise ValidationError("Choose a day that is still to come.")
    if due_days is not None and not 1 <= due_days <= LONGEST_DAYS:
        raise ValidationError(f"Choose 1 to {LONGEST_DAYS} days.")


@transaction.atomic
def change_due(
    *,
    plan: LearningPlan,
    due_on: date | None,
    due_days: int | None,
    reason: str,
    by: User,
    at: datetime | None = None,
) -> LearningPlan:
    """Another due day, for everybody on the plan who is not done yet."""
    at = at or timezone.now()
    plan = _led(plan, reason, by, at)
    _check_due(due_on, due_days, timezone.localdate(at))
    plan.due_on, plan.due_days = due_on, due_days
    plan.save(update_fields=["due_on", "due_days"])
    _move(plan, timezone.localdate(at))
    _change(plan, PlanChange.Kind.DUE, reason, by, at)
    return plan


def _move(plan: LearningPlan, on: date) -> None:
    """Days run from the day that they ran from before: a person's post, or the first day of the plan."""
    running = PlanAssignment.objects.filter(plan=plan, ended_on=None, met_on=None)
    if plan.due_on is not None:
        running.update(due=plan.due_on)
        return
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_DUE, {"plans": [plan.pk], "users": None, "on": on})


@transaction.atomic
def end_plan(*, plan: LearningPlan, reason: str, by: User, at: datetime | None = None) -> LearningPlan:
    """Nobody is asked any longer. Who was on it, and what was done, is kept."""
    at = at or timezone.now()
    plan = _led(plan, reason, by, at)
    plan.ended_on = timezone.localdate(at)
    plan.save(update_fields=["ended_on"])
    with connection.cursor() as cursor:
        cursor.execute(
            _END, {"plan": plan.pk, "on": plan.ended_on, "at": at, "by": by.pk, "reason": reason.strip()}
        )
    _change(plan, PlanChange.Kind.ENDED, reason, by, at)
    return plan


_END = """
WITH left_it AS (
    UPDATE competencies_planassignment
    SET ended_on = greatest(%(on)s::date, since, met_on), newest_act = newest_act + 1
    WHERE plan_id = %(plan)s AND ended_on IS NULL
    RETURNING id, newest_act
)
INSERT INTO competencies_planact (assignment_id, number, act, "on", at, by_id, reason)
SELECT id, newest_act, 'end', %(on)s::date, %(at)s, %(by)s, %(reason)s FROM left_it
"""


@transaction.atomic
def remove_from_plan(
    *, plan: LearningPlan, user: User, reason: str, by: User, at: datetime | None = None
) -> PlanAct:
    """Take one person off a plan. They are not put back on it by their posts."""
    at = at or timezone.now()
    plan = _led(plan, reason, by, at)
    assignment = (
        PlanAssignment.objects.select_for_update().filter(plan=plan, user=user, ended_on=None).first()
    )
    if assignment is None:
        raise ValidationError("This person is not on the plan.")
    on = timezone.localdate(at)
    assignment.ended_on = max(filter(None, (on, assignment.since, assignment.met_on)))
    assignment.newest_act += 1
    assignment.save(update_fields=["ended_on", "newest_act"])
    return PlanAct.objects.create(
        assignment=assignment,
        number=assignment.newest_act,
        act=PlanAct.Act.REMOVE,
        on=on,
        at=at,
        by=by,
        reason=reason.strip(),
    )


def _led(plan: LearningPlan, reason: str, by: User, at: datetime) -> LearningPlan:
    """The plan, locked, if the person may change it, it runs, and there is a reason."""
    if not reason.strip():
        raise ValidationError("Write down why. The people on the plan can read it.")
    plan = LearningPlan.objects.select_for_update().get(pk=plan.pk)
    if not can_lead_plan(by, plan, timezone.localdate(at)):
        raise ValidationError("You can change plans of a team or an organisation that you lead.")
    if plan.ended_on is not None:
        raise ValidationError("This plan has ended. Make a new one.")
    return plan


def _change(plan: LearningPlan, kind: PlanChange.Kind, reason: str, by: User, at: datetime) -> None:
    PlanChange.objects.create(plan=plan, kind=kind, by=by, at=at, due=due_words(plan), reason=reason.strip())
