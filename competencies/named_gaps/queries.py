"""Who has which gap, and what the people of a team are told about who may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Q

from workforce.models import Grant, Organisation, Team, TeamPlace, User
from workforce.queries import current_posts

from ..coverage.queries import LONG_LEAVE_DAYS
from ..models import NamedGapsChoice, NamedGapsLook
from ..queries.expected import EXPECTED

_GAPS = EXPECTED + Path(__file__).with_name("gaps.sql").read_text(encoding="utf-8")
MOST_LOOKS = 10


@dataclass(frozen=True)
class NamedGap:
    code: str
    name: str
    level: int
    due: date
    held: int


def choice_of(organisation: Organisation) -> NamedGapsChoice | None:
    """What the organisation chose last; None if it never chose, and then no names are shown."""
    return (
        NamedGapsChoice.objects.filter(organisation=organisation).select_related("by").order_by("-pk").first()
    )


def names_are_on(organisation: Organisation) -> bool:
    choice = choice_of(organisation)
    return choice is not None and choice.is_on


def named_gaps(team: Team, on: date) -> list[tuple[str, list[NamedGap]]]:
    """Each person of a team who has a gap, by name, with what it is. In the order of the alphabet. One query."""
    values: dict[str, Any] = {
        "on": on,
        "organisation": team.organisation_id,
        "user": None,
        "team": team.pk,
        "long_leave": LONG_LEAVE_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, values)
        rows = cursor.fetchall()
    people = groupby(rows, lambda row: (row[0], row[1]))
    return [(name, [NamedGap(*row[2:]) for row in of_person]) for (_, name), of_person in people]


@dataclass(frozen=True)
class Notice:
    """What a member of staff is told where names are switched on."""

    choice: NamedGapsChoice
    leads: list[str]
    looks: list[NamedGapsLook]


def notices(user: User, on: date) -> list[Notice]:
    """For each organisation of the person that has names switched on: since when, why, who may look, who looked.

    One query where none has, and three more for each that has.
    """
    posts = current_posts(user, on).order_by().prefetch_related(None)
    teams = dict(posts.values_list("team", "membership__organisation"))
    chosen = (
        NamedGapsChoice.objects.filter(organisation__in=set(teams.values()))
        .select_related("organisation", "by")
        .order_by("organisation_id", "-pk")
        .distinct("organisation_id")
    )
    return [
        _notice(choice, {team for team, where in teams.items() if where == choice.organisation_id}, on)
        for choice in chosen
        if choice.is_on
    ]


def _notice(choice: NamedGapsChoice, teams: Collection[int], on: date) -> Notice:
    lead = Q(role=Grant.Role.CAPABILITY_LEAD, organisation=choice.organisation)
    lead |= Q(role=Grant.Role.TEAM_LEAD, team__in=_with_those_above(choice.organisation, teams, on))
    grants = Grant.objects.filter(lead, during__contains=on).values_list("user__name", flat=True)
    looks = NamedGapsLook.objects.filter(team__in=teams, at__gte=choice.at).select_related("by", "team")
    return Notice(choice, sorted(set(grants.order_by())), list(looks.order_by("-pk")[:MOST_LOOKS]))


def _with_those_above(organisation: Organisation, teams: Collection[int], on: date) -> set[int]:
    places = TeamPlace.objects.filter(team__organisation=organisation, during__contains=on)
    parents = dict(places.values_list("team", "parent"))
    found: set[int] = set()
    waiting = list(teams)
    while waiting:
        team = waiting.pop()
        if team not in found:
            found.add(team)
            waiting += [parents[team]] if parents.get(team) else []
    return found
