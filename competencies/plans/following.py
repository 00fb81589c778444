"""Keep plans in line with posts and with the record. Both can be run at any time, by anybody, again and again."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from learning.prepared import rows_of

from ..models import LearningPlan
from .doing import DONE, about

_HERE = Path(__file__).parent
REACH = (_HERE / "reach.sql").read_text(encoding="utf-8")
_FOLLOW = REACH + (_HERE / "follow.sql").read_text(encoding="utf-8")
_SETTLE = DONE + (_HERE / "settle.sql").read_text(encoding="utf-8")


@transaction.atomic
def follow_posts(
    *,
    organisation_id: int | None = None,
    users: Collection[int] | None = None,
    plan: LearningPlan | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> int:
    """Put people on the plans that fit their posts on a day and let them leave the others; returns how many changed.

    All of it or some: of one organisation, for some people, or one plan. Four queries, whatever the number of people.
    One at a time for each plan, by a lock on its row; the database refuses a second place on a plan in any case.
    """
    at = at or timezone.now()
    on = on or timezone.localdate(at)
    plans = _locked(organisation_id, plan, on)
    if not plans:
        return 0
    some = None if users is None else sorted(users)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"plans": plans, "users": some, "on": on, "at": at})
        changed = cursor.rowcount
        cursor.execute(_SETTLE, {**about(on, plans=plans, users=some, is_running=True), "at": at})
    return changed


def follow_record(*, users: Collection[int], on: date | None = None, at: datetime | None = None) -> None:
    """Say of these people which plans are done, from what the record shows now. Two queries at most."""
    if not rows_of(_ON_A_PLAN, {"users": [str(user) for user in users]}):
        return
    at = at or timezone.now()
    on = on or timezone.localdate(at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTLE, {**about(on, users=sorted(users), is_running=True), "at": at})


# Asked whenever the record shows something new of somebody.
_ON_A_PLAN = """
SELECT FROM unnest(%(users)s::bigint[]) AS person (id), LATERAL (
    SELECT FROM competencies_planassignment WHERE user_id = person.id AND ended_on IS NULL LIMIT 1
) found
LIMIT 1
"""


def _locked(organisation_id: int | None, plan: LearningPlan | None, on: date) -> list[int]:
    running = LearningPlan.objects.filter(Q(ended_on=None), starts_on__lte=on).order_by("pk")
    if organisation_id is not None:
        running = running.filter(organisation=organisation_id)
    if plan is not None:
        running = running.filter(pk=plan.pk)
    return list(running.select_for_update().values_list("pk", flat=True))
