"""Who may see the names of people on the record.

Two things are needed: the permission `learning.view_names`, given to the person or to a group of theirs, and the
right to see the organisation in which the named person works (workforce.permissions). Superusers run the system;
that alone gives them no right to see names.
"""

from datetime import date

from django.contrib.auth.models import Permission
from django.db.models import Q

from workforce.models import User
from workforce.permissions import can_view_organisation
from workforce.queries import organisations_of

from .models import Statement


def may_ask_for_names(user: User) -> bool:
    """May the person ask at all? Whose name they are then shown is another question."""
    given = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return user.is_active and given.filter(codename="view_names", content_type__app_label="learning").exists()


def can_view_name(user: User, named: User, on: date) -> bool:
    """May the person see who stands behind an account?"""
    if not may_ask_for_names(user):
        return False
    return any(can_view_organisation(user, place, on) for place in organisations_of(named, on))


def can_view_names_sent(user: User, statement: Statement, on: date) -> bool:
    """May the person see names and addresses that another system wrote into a statement?

    Whoever they are of, that system answers to one organisation; where it answers to none, nobody is shown them.
    """
    organisation = statement.credential and statement.credential.organisation
    return bool(organisation and may_ask_for_names(user) and can_view_organisation(user, organisation, on))
