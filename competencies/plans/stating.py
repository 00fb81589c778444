"""Tell the record who was put on a plan, and who left it. Later is soon enough: nothing depends on it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from learning import verbs
from learning.actions import actors_for
from learning.iris import COMPETENCY_TYPE

from ..models import PlanAct
from ..stating import tell_the_record

_VERBS = {
    PlanAct.Act.PLAN: verbs.PLANNED,
    PlanAct.Act.END: verbs.DESELECTED,
    PlanAct.Act.REMOVE: verbs.DESELECTED,
}
PLAN_TYPE = "http://id.tincanapi.com/activitytype/goal"


def state_plans() -> int:
    """Tell the record everything that it was not told yet; returns how many."""
    untold = (
        PlanAct.objects.filter(act__in=_VERBS)
        .select_related("assignment__plan", "assignment__user")
        .prefetch_related("assignment__plan__items__capability")
    )
    return tell_the_record(untold, _statements)


def statement_id(act: PlanAct) -> UUID:
    return uuid5(act.assignment.plan.uuid, f"{act.assignment_id} {act.number}")


def _statements(acts: Sequence[PlanAct]) -> list[dict[str, Any]]:
    actors = actors_for([act.assignment.user for act in acts])
    return [
        {
            "id": str(statement_id(act)),
            "actor": actors[act.assignment.user_id],
            "verb": verbs.verb(_VERBS[PlanAct.Act(act.act)]),
            "object": _plan(act),
            "context": {"platform": settings.SERVICE_NAME, "contextActivities": {"grouping": _asked(act)}},
            "timestamp": act.at.isoformat(),
        }
        for act in acts
    ]


def _plan(act: PlanAct) -> dict[str, object]:
    """The plan by its name in the record. Its title and why are words of the person who made it, and stay here."""
    definition = {"type": PLAN_TYPE, "name": {"en-GB": "Learning plan"}}
    iri = f"{settings.IRI_BASE}plans/{act.assignment.plan.uuid}"
    return {"objectType": "Activity", "id": iri, "definition": definition}


def _asked(act: PlanAct) -> list[dict[str, object]]:
    return [
        {"objectType": "Activity", "id": item.capability.iri, "definition": {"type": COMPETENCY_TYPE}}
        if item.capability
        else {"objectType": "Activity", "id": item.module_iri}
        for item in act.assignment.plan.items.all()
    ]
