"""Who may see names beside gaps: leads, and only while the organisation has it switched on."""

from datetime import date

from workforce.models import Organisation, Team
from workforce.queries import Viewer, organisations_led, teams_led

from .queries import names_are_on


def can_choose(user: Viewer, organisation: Organisation, on: date) -> bool:
    """May the person switch it on or off? The organisation's own capability leads."""
    return organisations_led(user, on).filter(pk=organisation.pk).exists()


def can_see_names(user: Viewer, team: Team, on: date) -> bool:
    """Leads of the team, of a team above it, and of the organisation. Members of the team never see each other's."""
    if not names_are_on(team.organisation):
        return False
    return can_choose(user, team.organisation, on) or teams_led(user, on).filter(pk=team.pk).exists()
