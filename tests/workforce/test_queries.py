from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.workforce.conftest import DAY, START
from workforce.actions import cancel_post, grant, open_post, seat_on_committee
from workforce.models import Committee, Grant, Membership, Organisation, Overlay, Team, Tier
from workforce.queries import (
    beneath,
    current_posts,
    current_seats,
    has_grant,
    members_of,
    organisations_led,
    organisations_of,
    places_on,
    teams_led,
    tiers_of,
)

Member = Callable[[str], Membership]


@pytest.mark.parametrize("posts", [1, 3])
def test_current_posts_come_in_two_queries(
    posts: int,
    member: Member,
    division: Team,
    ward: Team,
    clinic: Team,
    frontline: Tier,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    alice = member("Alice")
    overlays = Overlay.objects.filter(key="patient_facing")
    for team in [division, ward, clinic][:posts]:
        open_post(membership=alice, team=team, tier=frontline, start=START, overlays=overlays)

    with django_assert_num_queries(2):
        found = [
            (post.team.organisation.code, post.tier.key, [overlay.key for overlay in post.overlays.all()])
            for post in current_posts(alice.user, DAY)
        ]

    assert found == [("ZZ1", "frontline", ["patient_facing"])] * posts


def test_post_counts_from_its_first_day_to_the_day_before_its_end(
    member: Member, ward: Team, frontline: Tier
) -> None:
    alice = member("Alice")
    open_post(membership=alice, team=ward, tier=frontline, start=START, end=DAY)

    days = [date(2020, 1, 5), START, date(2026, 11, 21), DAY]
    assert [bool(current_posts(alice.user, day)) for day in days] == [False, True, True, False]


def test_cancelled_post_is_left_out(member: Member, ward: Team, frontline: Tier) -> None:
    alice = member("Alice")
    cancel_post(post=open_post(membership=alice, team=ward, tier=frontline, start=START))

    assert not current_posts(alice.user, DAY)
    assert not members_of(ward, DAY)


def test_tiers_come_once_in_their_order(
    member: Member, ward: Team, clinic: Team, frontline: Tier, managers: Tier
) -> None:
    alice = member("Alice")
    open_post(membership=alice, team=ward, tier=managers, start=START)
    open_post(membership=alice, team=ward, tier=frontline, start=START)
    open_post(membership=alice, team=clinic, tier=frontline, start=START)

    assert tiers_of(alice.user, DAY) == [frontline, managers]
    assert list(members_of(ward, DAY)) == [alice.user]


def test_patient_representative_belongs_where_their_seat_is(
    member: Member, other_trust: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pat = member("Pat").user
    committee = Committee.objects.create(organisation=other_trust, role_key="safety-partner", name="Quality")
    seat = seat_on_committee(user=pat, committee=committee, start=START)

    with django_assert_num_queries(1):
        assert [each.committee.organisation for each in current_seats(pat, DAY)] == [other_trust]
    assert list(current_seats(pat, DAY)) == [seat]
    assert list(organisations_of(pat, DAY)) == [other_trust]


def test_grant_is_for_its_organisation_or_the_nation(
    member: Member, trust: Organisation, other_trust: Organisation
) -> None:
    lead, verifier = member("Carol").user, member("Vera").user
    grant(user=lead, role=Grant.Role.CAPABILITY_LEAD, scope=trust, start=START)
    grant(
        user=verifier, role=Grant.Role.FOUNDING_VERIFIER, scope=None, start=START, reason="Named by the board"
    )

    assert has_grant(lead, Grant.Role.CAPABILITY_LEAD, DAY)
    assert has_grant(lead, Grant.Role.CAPABILITY_LEAD, DAY, trust)
    assert not has_grant(lead, Grant.Role.CAPABILITY_LEAD, DAY, other_trust)
    assert not has_grant(lead, Grant.Role.TEAM_LEAD, DAY)
    assert has_grant(verifier, Grant.Role.FOUNDING_VERIFIER, DAY, other_trust)
    assert list(organisations_led(lead, DAY)) == [trust]


def test_teams_led_come_in_three_queries_however_deep(
    member: Member,
    division: Team,
    ward: Team,
    clinic: Team,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = member("Lena").user
    grant(user=lead, role=Grant.Role.TEAM_LEAD, scope=division, start=START)

    with django_assert_num_queries(3):
        assert set(teams_led(lead, DAY)) == {division, ward, clinic}


def test_places_name_each_team_with_its_parent(division: Team, ward: Team, clinic: Team) -> None:
    assert places_on(ward.organisation, DAY) == [
        (clinic.pk, division.pk),
        (division.pk, None),
        (ward.pk, division.pk),
    ]


@given(
    places=st.lists(st.tuples(st.integers(1, 9), st.one_of(st.none(), st.integers(1, 9)))),
    top=st.integers(1, 9),
)
def test_beneath_ends_and_is_closed(places: list[tuple[int, int | None]], top: int) -> None:
    found = beneath([top], places)

    assert found == {team for team, parent in places if parent in found | {top}}
