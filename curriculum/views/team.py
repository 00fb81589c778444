"""My team: the coverage of a team on any day, for those who lead it and those who work in it. No names anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

import pandas as pd
from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from competencies.coverage.forms import DayAndTierForm
from competencies.coverage.queries import coverage_rows, edition_in_force, local_rows
from competencies.coverage.tables import Table, coverage_table
from competencies.coverage.team_requirements import team_requirements
from competencies.coverage.views import Report, csv_file
from competencies.models import Edition
from competencies.named_gaps.permissions import can_see_names
from competencies.plans.permissions import can_plan_for
from workforce.models import Grant, Team, User
from workforce.queries import current_grants, current_posts, teams_led

USUAL_TIER = "frontline"


class NoTeam(Http404):
    """Somebody who neither works in a team nor leads one."""


class TeamForm(DayAndTierForm):
    """Which team, on which day, and which tier of it."""

    def __init__(self, data: Mapping[str, str], teams: Mapping[str, Team]) -> None:
        super().__init__(data)
        choices = [(code, team.name) for code, team in teams.items()]
        self.fields["team"] = forms.ChoiceField(label="Team", choices=choices)
        self.order_fields(["team", "on", "tier"])

    @property
    def address(self) -> str:
        """What the form asks for, as it stands after the question mark of an address."""
        return urlencode({name: self.data[name] for name in self.fields})


@dataclass
class Asked:
    """What the address asks for. No `edition`: none was adopted; no `table`: nothing was expected."""

    form: TeamForm
    team: Team
    on: date
    edition: Edition | None = None
    table: Table | None = None

    @property
    def report(self) -> Report | None:
        if self.edition is None or self.table is None:
            return None
        return Report(self.team.organisation, self.edition, self.on, self.table)


@login_required
def my_team(request: HttpRequest) -> HttpResponse:
    """404 for a team that is not theirs, with words for somebody who has none; 422 for a day that cannot be."""
    try:
        asked = _asked(request)
    except NoTeam:
        return render(request, "curriculum/my_team_none.html", status=404)
    if asked.form.errors:
        return render(
            request, "curriculum/my_team.html", {"form": asked.form, "team": asked.team}, status=422
        )
    context = {**_page(asked), **_for_leads(cast(User, request.user), asked.team)}
    return render(request, "curriculum/my_team.html", context)


def _for_leads(user: User, team: Team) -> dict[str, bool]:
    """What somebody who leads the team can do besides looking at it."""
    today = timezone.localdate()
    leads = can_plan_for(user, team.organisation, team, today)
    return {"can_plan": leads, "can_see_names": leads and can_see_names(user, team, today)}


@login_required
def my_team_csv(request: HttpRequest) -> HttpResponse:
    """The table of the page, with the same address after the question mark."""
    asked = _asked(request)
    if asked.form.errors or asked.report is None:
        raise Http404("No table for this team, day and tier.")
    return csv_file(asked.report, asked.team)


def _asked(request: HttpRequest) -> Asked:
    user = cast(User, request.user)
    today = timezone.localdate()
    teams = own_teams(user, today)
    if not teams:
        raise NoTeam
    code = request.GET.get("team") or _first(user, teams, today)
    if code not in teams:
        raise Http404("Not a team of this person.")
    tier = request.GET.get("tier", "")
    data = {"team": code, "on": request.GET.get("on") or today.isoformat(), "tier": tier or USUAL_TIER}
    form, team = TeamForm(data, teams), teams[code]
    if not form.is_valid():
        return Asked(form, team, today)
    on: date = form.cleaned_data["on"]
    edition = edition_in_force(team.organisation, on)
    if edition is None:
        return Asked(form, team, on)
    rows = coverage_rows(team.organisation, edition, on)
    data["tier"] = tier or _usual_tier(rows, team)  # the form is drawn with it too
    return Asked(form, team, on, edition, team_table(rows, team.pk, data["tier"]))


def _page(asked: Asked) -> dict[str, Any]:
    context: dict[str, Any] = {
        "form": asked.form,
        "team": asked.team,
        "on": asked.on,
        "edition": asked.edition,
    }
    if asked.edition:
        of_teams = team_requirements(asked.team.organisation, asked.edition, asked.on)
        context["requirements"] = [each.of_team(asked.team.pk) for each in of_teams]
        context["local"] = _local_table(asked, asked.edition)
    if asked.report is None:
        return context
    table = asked.report.table
    return {
        **context,
        **asked.report.context(),
        "is_merged": table.node_code != asked.team.code,
        "is_too_small": _is_too_small(table),
        "caption": f"{table.lines[0].tier_label} in {table.node_name}",
    }


def _local_table(asked: Asked, edition: Edition) -> Table | None:
    """What the organisation asks on top of its edition, of the tier asked for; None where that is nothing."""
    rows = local_rows(asked.team.organisation, edition, asked.on)
    if rows is None:
        return None
    table = team_table(rows, asked.team.pk, asked.form.data["tier"])
    return None if table is None or _is_too_small(table) else table


def own_teams(user: User, on: date) -> dict[str, Team]:
    """The teams that a person works in or leads, by code; with the organisation's where two share a code."""
    mine = Q(pk__in=current_posts(user, on).order_by().values("team")) | Q(
        pk__in=teams_led(user, on).values("pk")
    )
    teams = list(
        Team.objects.filter(mine).select_related("organisation").order_by("organisation__sort_name", "code")
    )
    codes = [team.code for team in teams]
    return {t.code if codes.count(t.code) == 1 else f"{t.organisation.code}-{t.code}": t for t in teams}


def _first(user: User, teams: Mapping[str, Team], on: date) -> str:
    """The code of the team that a person was asked to lead, else of the first; empty without one."""
    granted = set(current_grants(user, on).filter(role=Grant.Role.TEAM_LEAD).values_list("team", flat=True))
    led = (code for code, team in teams.items() if team.pk in granted)
    return next(led, next(iter(teams), ""))


def _usual_tier(rows: pd.DataFrame, team: Team) -> str:
    """The front line where the team has one, else the first tier that it has."""
    tiers = list(dict.fromkeys(rows[rows["node_id"] == team.pk]["tier_key"]))
    return USUAL_TIER if USUAL_TIER in tiers else next(iter(tiers), USUAL_TIER)


def team_table(rows: pd.DataFrame, team_id: int, tier: str) -> Table | None:
    """The table of a team or, where it is too small to show, of the nearest team above it that counts it in.

    None: nothing is expected of anybody in this tier of the team on the day. It never climbs to the
    organisation, whose figures have readers of their own.
    """
    if not ((rows["node_id"] == team_id) & (rows["tier_key"] == tier)).any():
        return None
    parents = _parents(rows)
    own = table = coverage_table(rows, "inside", team_id, tier)
    above = parents.get(team_id)
    while _is_too_small(table) and above is not None:
        table = coverage_table(rows, "inside", above, tier)
        above = parents.get(above)
    return own if _is_too_small(table) else table


def _is_too_small(table: Table) -> bool:
    return all(line.hidden for line in table.lines)


def _parents(rows: pd.DataFrame) -> dict[int, int | None]:
    pairs = rows[["node_id", "parent_id"]].dropna(subset=["node_id"]).drop_duplicates()
    return {
        int(node): None if pd.isna(parent) else int(parent)
        for node, parent in zip(pairs["node_id"], pairs["parent_id"], strict=True)
    }
