"""The SQL that counts, against the worked cases whose answers are known."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.coverage.queries import coverage_rows
from competencies.models import Edition
from learning.actions import void_statement
from workforce.models import Absence, Membership, Organisation, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

CASES = json.loads((Path(__file__).parents[1] / "data" / "oracles" / "coverage_cases.json").read_text())
DAY = date.fromisoformat(CASES["reporting_date"])
LONG_AGO = date(2015, 1, 1)
Show = Callable[..., UUID]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.fixture
def teams(trust: Organisation) -> dict[str, Team]:
    teams = {}
    for code in ("W1", "W2", "W3"):
        teams[code] = Team.objects.create(organisation=trust, code=code, name=f"Ward {code}")
        TeamPlace.objects.create(team=teams[code], during=during(LONG_AGO))
    return teams


def member(trust: Organisation, name: str) -> Membership:
    return Membership.objects.create(
        user=User.objects.create(name=name), organisation=trust, staff_number=name
    )


def post(
    membership: Membership, team: Team, start: date, end: date | None = None, tier: str = "frontline"
) -> None:
    Post.objects.create(
        membership=membership, team=team, tier=Tier.objects.get(key=tier), during=during(start, end)
    )


def hire(case: dict[str, Any], trust: Organisation, teams: dict[str, Team], show: Show) -> None:
    membership = member(trust, case["id"])
    for code in case["teams"]:
        post(membership, teams[code], day(case["start"]), day(case.get("left")))  # type: ignore[arg-type]
    if leave := case.get("long_leave"):
        Absence.objects.create(membership=membership, during=during(day(leave[0]), day(leave[1])))  # type: ignore[arg-type]
    for evidence in case["evidence"]:
        shown = show(membership.user, "SS-1", evidence["level"], day(evidence["achieved"]))
        if evidence.get("voided"):
            void_statement(statement_id=shown, by=membership.user, reason="Recorded for the wrong person")


def counted(rows: pd.DataFrame, node: str, tier: str, code: str) -> dict[str, int]:
    row = rows[(rows.node_code == node) & (rows.tier_key == tier) & (rows.capability_code == code)]
    names = ["numerator", "denominator", "not_yet_due", "excluded"]
    return {name: int(row[name].sum()) for name in names}


def test_coverage_matches_the_worked_cases(
    trust: Organisation, edition: Edition, teams: dict[str, Team], show: Show
) -> None:
    for case in CASES["people"]:
        hire(case, trust, teams, show)
    rows = coverage_rows(trust, edition, DAY)
    for node, name in (("W1", "W1"), ("W2", "W2"), (trust.code, "organisation")):
        expected = {k: v for k, v in CASES["expected"][name].items() if k not in ("shown", "coverage")}
        assert counted(rows, node, "frontline", "SS-1") == expected, name


def test_the_last_day_of_currency_counts_as_due_for_renewal(
    trust: Organisation, edition: Edition, teams: dict[str, Team], show: Show
) -> None:
    hire(next(case for case in CASES["people"] if case["id"] == "d"), trust, teams, show)
    rows = coverage_rows(trust, edition, DAY)
    cell = rows[(rows.node_code == "W1") & (rows.capability_code == "SS-1")].iloc[0]
    assert (cell.numerator, cell.due_for_renewal) == (1, 1)


def test_grace_movers_and_changes_of_tier_match_the_extra_cases(
    trust: Organisation, edition: Edition, teams: dict[str, Team], show: Show
) -> None:
    extra = CASES["extra"]
    for case in extra["people"]:
        membership = member(trust, case["id"])
        for given in case["posts"]:
            last = day(given["to"])
            end = date.fromordinal(last.toordinal() + 1) if last else None
            post(membership, teams[given["team"]], day(given["from"]), end, given["tier"])  # type: ignore[arg-type]
        for evidence in case["evidence"]:
            show(membership.user, evidence["capability"], evidence["level"], day(evidence["achieved"]))
    rows = coverage_rows(trust, edition, DAY)
    for name, requirement in extra["requirements"].items():
        expected = extra["expected"]["W3"][name]
        found = counted(rows, "W3", requirement["tier"], requirement["capability"])
        assert found["excluded"] == 0
        assert {k: found[k] for k in ("numerator", "denominator", "not_yet_due")} == {
            k: expected[k] for k in ("numerator", "denominator", "not_yet_due")
        }, name


def test_a_division_counts_its_teams_and_each_person_once(
    trust: Organisation, edition: Edition, teams: dict[str, Team], show: Show
) -> None:
    division = Team.objects.create(organisation=trust, code="D1", name="Medicine")
    TeamPlace.objects.create(team=division, during=during(LONG_AGO))
    TeamPlace.objects.filter(team__in=[teams["W1"], teams["W2"]]).update(parent=division)
    hire(next(case for case in CASES["people"] if case["id"] == "i"), trust, teams, show)
    rows = coverage_rows(trust, edition, DAY)
    found = {
        node: counted(rows, node, "frontline", "SS-1")["numerator"] for node in ("W1", "W2", "D1", trust.code)
    }
    assert found == {"W1": 1, "W2": 1, "D1": 1, trust.code: 1}
    depths = rows.drop_duplicates("node_code").set_index("node_code").depth.to_dict()
    assert depths == {trust.code: 0, "D1": 1, "W1": 2, "W2": 2}


def test_bank_staff_stand_on_a_line_of_their_own(
    trust: Organisation, edition: Edition, teams: dict[str, Team]
) -> None:
    post(member(trust, "employed"), teams["W1"], date(2020, 1, 1))
    post(member(trust, "bank"), teams["W1"], date(2020, 1, 1))
    Post.objects.filter(membership__staff_number="bank").update(engagement=Post.Engagement.BANK)
    rows = coverage_rows(trust, edition, DAY)
    ward = rows[(rows.node_code == "W1") & (rows.capability_code == "SS-1")]
    assert dict(zip(ward.engagement, ward.denominator, strict=True)) == {"bank": 1, "staff": 1}


@pytest.mark.parametrize("people", [1, 3])
def test_one_query_whatever_the_number_of_people(
    people: int, trust: Organisation, edition: Edition, teams: dict[str, Team]
) -> None:
    for number in range(people):
        post(member(trust, str(number)), teams["W1"], date(2020, 1, 1))
    with CaptureQueriesContext(connection) as queries:
        rows = coverage_rows(trust, edition, DAY)
    assert len(queries) == 1
    assert counted(rows, "W1", "frontline", "SS-1")["denominator"] == people
