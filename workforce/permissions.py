"""Who may see what. A viewer's rights are those of the day on which they look, not of the day looked at.

Superusers run the system; that gives them no right to see how named people learn.
"""

from datetime import date

from django.db.models import Q, QuerySet

from workforce.models import Grant, Organisation, StaffImport, StaffUpload, Team
from workforce.queries import Viewer, current_posts, has_grant, organisations_led, teams_led


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


def organisations_to_import(user: Viewer, on: date) -> QuerySet[Organisation]:
    """The organisations whose staff lists the person may take in and undo.

    Two things are needed: the permission to add staff lists, and to be the organisation's capability lead. Whoever
    runs the system can do it on the command line anyway, and may here for every organisation.
    """
    return _with_permission(user, on, "workforce.add_staffimport")


def visible_staff_imports(user: Viewer, on: date) -> QuerySet[StaffImport]:
    """The staff lists that were taken in, of the organisations whose the person may take in or look at."""
    seen = _with_permission(user, on, "workforce.add_staffimport", "workforce.view_staffimport")
    return StaffImport.objects.filter(organisation__in=seen)


def own_uploads(user: Viewer, on: date) -> QuerySet[StaffUpload]:
    """What the person sent and may still take in. Nobody else sees it: it may be the wrong file."""
    uploads = StaffUpload.objects.filter(uploaded_by_id=user.pk or 0)
    return uploads.filter(organisation__in=organisations_to_import(user, on))


def _with_permission(user: Viewer, on: date, *permissions: str) -> QuerySet[Organisation]:
    if not any(user.has_perm(permission) for permission in permissions):
        return Organisation.objects.none()
    return Organisation.objects.all() if user.is_superuser else organisations_led(user, on)
