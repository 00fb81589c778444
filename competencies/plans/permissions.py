"""Who may make a plan for whom, and see how it goes. One for a whole organisation belongs to its capability leads."""

from datetime import date

from django.db.models import Q, QuerySet

from workforce.models import Organisation, Team
from workforce.queries import Viewer, organisations_led, teams_led

from ..models import LearningPlan


def can_plan_for(user: Viewer, organisation: Organisation, team: Team | None, on: date) -> bool:
    """May the person make a plan there? A team must be one of that organisation."""
    if team is not None and team.organisation_id != organisation.pk:
        return False
    if organisations_led(user, on).filter(pk=organisation.pk).exists():
        return True
    return team is not None and teams_led(user, on).filter(pk=team.pk).exists()


def led_plans(user: Viewer, on: date) -> QuerySet[LearningPlan]:
    """The plans that the person may see and change: of the organisations, and of the teams, that they lead."""
    return LearningPlan.objects.filter(
        Q(organisation__in=organisations_led(user, on).values("pk"))
        | Q(team__in=teams_led(user, on).values("pk"))
    )


def can_lead_plan(user: Viewer, plan: LearningPlan, on: date) -> bool:
    return led_plans(user, on).filter(pk=plan.pk).exists()


def leads_somewhere(user: Viewer, on: date) -> bool:
    """Does the person lead a team or an organisation today?"""
    return organisations_led(user, on).exists() or teams_led(user, on).exists()
