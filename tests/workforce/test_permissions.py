from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.workforce.conftest import DAY, START
from workforce.actions import end_post, grant, open_post, place_team
from workforce.models import Grant, Membership, Organisation, Team, Tier, User
from workforce.permissions import can_view_nation, can_view_organisation, can_view_team, visible_teams
from workforce.queries import Viewer

Member = Callable[[str], Membership]


def test_member_sees_their_own_team_and_no_other(
    member: Member, ward: Team, clinic: Team, frontline: Tier
) -> None:
    alice = member("Alice")
    open_post(membership=alice, team=ward, tier=frontline, start=START)

    assert can_view_team(alice.user, ward, DAY)
    assert not can_view_team(alice.user, clinic, DAY)
    assert not can_view_organisation(alice.user, ward.organisation, DAY)


def test_member_no_longer_sees_the_team_they_left(member: Member, ward: Team, frontline: Tier) -> None:
    alice = member("Alice")
    post = open_post(membership=alice, team=ward, tier=frontline, start=START)
    end_post(post=post, on=DAY)

    assert not can_view_team(alice.user, ward, DAY)
    assert can_view_team(alice.user, ward, date(2026, 11, 21))


def test_team_lead_sees_the_team_and_those_beneath_it(member: Member, division: Team, ward: Team) -> None:
    lead = member("Lena").user
    grant(user=lead, role=Grant.Role.TEAM_LEAD, scope=division, start=START)

    assert set(visible_teams(lead, ward.organisation, DAY)) == {division, ward}
    assert not can_view_organisation(lead, ward.organisation, DAY)


def test_team_lead_does_not_see_the_team_above(member: Member, division: Team, ward: Team) -> None:
    lead = member("Lena").user
    grant(user=lead, role=Grant.Role.TEAM_LEAD, scope=ward, start=START)

    assert can_view_team(lead, ward, DAY)
    assert not can_view_team(lead, division, DAY)


def test_team_that_moved_is_led_where_it_stands_on_the_day(
    member: Member, trust: Organisation, division: Team, ward: Team
) -> None:
    lead = member("Lena").user
    grant(user=lead, role=Grant.Role.TEAM_LEAD, scope=division, start=START)
    place_team(team=ward, parent=None, start=DAY)

    assert not can_view_team(lead, ward, DAY)
    assert can_view_team(lead, ward, date(2026, 11, 21))


def test_capability_lead_sees_their_own_organisation_only(
    member: Member, trust: Organisation, other_trust: Organisation, ward: Team
) -> None:
    lead = member("Carol").user
    theirs = Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    grant(user=lead, role=Grant.Role.CAPABILITY_LEAD, scope=trust, start=START, end=DAY)

    before = date(2026, 11, 21)
    assert can_view_organisation(lead, trust, before)
    assert can_view_team(lead, ward, before)
    assert not can_view_organisation(lead, other_trust, before)
    assert not can_view_team(lead, theirs, before)
    assert not can_view_organisation(lead, trust, DAY)


def test_education_lead_sees_the_nation_but_no_exact_figures(
    member: Member, trust: Organisation, ward: Team
) -> None:
    lead = member("Ed").user
    grant(user=lead, role=Grant.Role.EDUCATION_LEAD, scope=None, start=START)

    assert can_view_nation(lead, DAY)
    assert not can_view_organisation(lead, trust, DAY)
    assert not can_view_team(lead, ward, DAY)


@pytest.mark.parametrize("kind", ["superuser", "outsider", "anonymous"])
def test_others_see_nothing(kind: str, trust: Organisation, ward: Team) -> None:
    viewer: Viewer = AnonymousUser()
    if kind != "anonymous":
        viewer = User.objects.create_user(
            "charlie@zz2.example", name="Charlie", is_superuser=kind == "superuser"
        )

    assert not can_view_team(viewer, ward, DAY)
    assert not can_view_organisation(viewer, trust, DAY)
    assert not can_view_nation(viewer, DAY)
    assert not visible_teams(viewer, trust, DAY)
