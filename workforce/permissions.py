"""Who may see what. A viewer's rights are those of the day on which they look, not of the day looked at.

Superusers run the system; that gives them no right to see how named people learn.
"""

from datetime import date

from django.db.models import Q, QuerySet

from workforce.models import Grant, Organisation, Team
from workforce.queries import Viewer, current_posts, has_grant, teams_led


def can_view_organisation(user: Viewer, organisation: Organisation, on: date) -> bool:
    """May the person see an organisation's exact figures? Only its capability leads."""
    return has_grant(user, Grant.Role.CAPABILITY_LEAD, on, organisation)


def can_view_nation(user: Viewer, on: date) -> bool:
    """May the person see the list of organisations, with the figures that anyone may have?"""
    return has_grant(user, Grant.Role.EDUCATION_LEAD, on)


def can_view_team(user: Viewer, team: Team, on: date) -> bool:
    """May the person see a team's exact figures? Members, its leads, the organisation's capability leads."""
    return visible_teams(user, team.organisation, on).filter(pk=team.pk).exists()


def visible_teams(user: Viewer, organisation: Organisation, on: date) -> QuerySet[Team]:
    """The teams of an organisation, closed ones too, whose exact figures the person may see."""
    teams = Team.objects.filter(organisation=organisation)
    if can_view_organisation(user, organisation, on):
        return teams
    own = current_posts(user, on).order_by().values("team")
    return teams.filter(Q(pk__in=own) | Q(pk__in=teams_led(user, on).values("pk")))
