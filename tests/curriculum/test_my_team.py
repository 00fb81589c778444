import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from workforce.models import Grant, Membership, Organisation, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

from .conftest import START
from .expected import adopt, hold

Person = Callable[..., User]
TODAY = timezone.localdate()
ADDRESS = "/my-team/"


@pytest.fixture
def tree(names: None, ward: Team) -> dict[str, Team]:
    """A division D1 with wards W1 (12 people, 6 of whom meet level 2) and W2 (12, none of whom does)."""
    trust = ward.organisation
    division = Team.objects.create(organisation=trust, code="D1", name="Division 1")
    second = Team.objects.create(organisation=trust, code="W2", name="Ward 2")
    TeamPlace.objects.create(team=division, during=during(START))
    for team in (ward, second):
        TeamPlace.objects.create(team=team, parent=division, during=during(START))
    for n in range(12):
        user = staff(ward, f"First {n}")
        staff(second, f"Second {n}")
        if n < 6:
            hold(user, "SS-1", 2, date(2021, 1, 1))
    return {"D1": division, "W1": ward, "W2": second}


@pytest.fixture
def adopted(tree: dict[str, Team]) -> None:
    adopt(tree["W1"].organisation, START)


def staff(team: Team, name: str, tier: str = "frontline") -> User:
    user = User.objects.create(name=name)
    membership = Membership.objects.create(user=user, organisation=team.organisation)
    Post.objects.create(
        membership=membership, team=team, tier=Tier.objects.get(key=tier), during=during(START)
    )
    return user


def lead_of(team: Team) -> User:
    user = User.objects.create_user("lead@example.com", "four-words-in-a-row", name="Leda Lead")
    Grant.objects.create(user=user, role=Grant.Role.TEAM_LEAD, team=team, during=during(START))
    return user


def member_of(team: Team) -> User:
    """One of the twelve, who can sign in."""
    user = User.objects.filter(memberships__posts__team=team).order_by("-name")[0]
    user.email = "member@example.com"
    user.save()
    return user


def page(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    response = client.get(ADDRESS + query)
    assert response.status_code == 200
    return response.content.decode()


def test_my_team_asks_to_sign_in(client: Client, db: None) -> None:
    assert client.get(ADDRESS).headers["Location"].startswith(reverse("sign-in"))


def test_lead_sees_chart_table_and_sentence(client: Client, tree: dict[str, Team], adopted: None) -> None:
    html = page(client, lead_of(tree["W1"]))

    assert "of the people who are due, between 0% and 50% meet what is expected" in html
    assert "<svg" in html
    assert "50%" in html
    assert "This shows learning, not whether care is safe." in html
    assert "Not yet due" in html


def test_member_sees_the_figure_of_their_own_team(
    client: Client, tree: dict[str, Team], adopted: None
) -> None:
    html = page(client, member_of(tree["W1"]))

    assert "My team: Ward 1" in html
    assert "50%" in html


def test_nobody_is_named(client: Client, tree: dict[str, Team], adopted: None) -> None:
    html = page(client, lead_of(tree["D1"]))

    assert not [
        name for name in User.objects.exclude(name="Leda Lead").values_list("name", flat=True) if name in html
    ]


@pytest.mark.parametrize("path", [ADDRESS, "/my-team/coverage.csv"])
def test_somebody_without_a_team_is_refused(client: Client, outsider: User, path: str) -> None:
    client.force_login(outsider)

    assert client.get(path).status_code == 404


def test_somebody_without_a_team_reads_who_to_ask(client: Client, outsider: User) -> None:
    client.force_login(outsider)

    html = client.get(ADDRESS).content.decode()

    assert "You have no team here yet" in html
    assert "Who to ask" in html


@pytest.mark.parametrize("path", [ADDRESS, "/my-team/coverage.csv"])
@pytest.mark.parametrize("code", ["W2", "D1", "NONE"])
def test_another_team_is_refused(
    client: Client, tree: dict[str, Team], adopted: None, path: str, code: str
) -> None:
    client.force_login(member_of(tree["W1"]))

    assert client.get(path, {"team": code}).status_code == 404


def test_lead_of_another_trust_is_refused(client: Client, tree: dict[str, Team], adopted: None) -> None:
    elsewhere = Organisation.objects.create(code="XTB", name="Other Trust", opened=START)
    client.force_login(lead_of(Team.objects.create(organisation=elsewhere, code="E1", name="Elsewhere")))

    assert client.get(ADDRESS, {"team": "W1"}).status_code == 404
    assert "Elsewhere had" not in client.get(ADDRESS).content.decode()


def test_lead_of_a_division_sees_it_first_and_can_choose_its_wards(
    client: Client, tree: dict[str, Team], adopted: None
) -> None:
    lead = lead_of(tree["D1"])

    assert "My team: Division 1" in page(client, lead)
    assert "My team: Ward 2" in page(client, lead, "?team=W2")


def test_figures_are_those_of_the_day(client: Client, tree: dict[str, Team], adopted: None) -> None:
    html = page(client, lead_of(tree["W1"]), "?on=2020-06-01")

    assert "On 1 June 2020" in html
    assert "50%" not in html.split("</figure>")[1]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?on=yesterday", "Enter a real day"),
        ("?on=2999-01-01", "Choose today or an earlier day"),
        ("?tier=kings", "Choose a tier from the list"),
    ],
)
def test_what_cannot_be_asked_is_answered_in_words(
    client: Client, tree: dict[str, Team], adopted: None, query: str, message: str
) -> None:
    client.force_login(lead_of(tree["W1"]))

    response = client.get(ADDRESS + query)

    assert response.status_code == 422
    assert message in response.content.decode()


def test_csv_holds_the_rows_of_the_page(client: Client, tree: dict[str, Team], adopted: None) -> None:
    client.force_login(lead_of(tree["W1"]))

    text = client.get("/my-team/coverage.csv", {"team": "W1", "on": TODAY.isoformat()}).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [(r["team_code"], r["capability"], r["numerator"], r["denominator"]) for r in rows] == [
        ("W1", "SS-1", "6", "12"),
        ("W1", "SS-2", "0", "12"),
    ]


def test_small_team_is_shown_within_the_team_above(
    client: Client, tree: dict[str, Team], adopted: None
) -> None:
    small = Team.objects.create(organisation=tree["D1"].organisation, code="W3", name="Ward 3")
    TeamPlace.objects.create(team=small, parent=tree["D1"], during=during(START))
    staff(small, "Third 1")

    html = page(client, lead_of(small))

    assert "Ward 3 is too small to show on its own" in html
    assert "It is counted in Division 1, which is shown here." in html


def test_group_that_is_small_all_the_way_up_is_not_shown(
    client: Client, tree: dict[str, Team], adopted: None
) -> None:
    staff(tree["W1"], "Pat One", "patients")

    html = page(client, lead_of(tree["W1"]), "?tier=patients")

    assert "This group is too small to show without telling about single people." in html
    assert "<figure" not in html


def test_tier_that_the_team_does_not_have_is_told(
    client: Client, tree: dict[str, Team], adopted: None
) -> None:
    html = page(client, lead_of(tree["W1"]), "?tier=patients")

    assert "Nothing was expected of anybody in this tier of the team on this day." in html


def test_team_without_an_adopted_edition_is_told(client: Client, tree: dict[str, Team]) -> None:
    html = page(client, lead_of(tree["W1"]))

    assert "had not adopted a capability model on this day" in html


@pytest.mark.parametrize(
    ("people", "answer"),
    [(1, "<strong>1 of 2 so far</strong>"), (2, "<strong>met</strong>")],
    ids=["one person", "two people"],
)
def test_team_requirement_is_a_line_without_names(
    client: Client, tree: dict[str, Team], adopted: None, people: int, answer: str
) -> None:
    for user in User.objects.filter(memberships__posts__team=tree["W1"])[:people]:
        hold(user, "IM-3", 3, START)

    html = page(client, lead_of(tree["W1"]))

    assert "At least 2 people at level 3 of “Testing changes (PDSA)”" in html
    assert answer in html


def test_team_requirement_of_a_small_team_is_not_told(
    client: Client, tree: dict[str, Team], adopted: None
) -> None:
    small = Team.objects.create(organisation=tree["D1"].organisation, code="W3", name="Ward 3")
    TeamPlace.objects.create(team=small, parent=tree["D1"], during=during(START))
    hold(staff(small, "Third 1"), "IM-3", 3, START)

    assert "not shown. The team has fewer than 10 people" in page(client, lead_of(small))


@pytest.mark.parametrize("number", [1, 3])
def test_my_team_takes_the_same_queries_however_many_teams(
    number: int,
    client: Client,
    tree: dict[str, Team],
    adopted: None,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(number):
        more = Team.objects.create(organisation=tree["D1"].organisation, code=f"X{n}", name=f"Extra {n}")
        TeamPlace.objects.create(team=more, parent=tree["D1"], during=during(START))
        staff(more, f"Extra {n}")
    client.force_login(lead_of(tree["D1"]))

    with django_assert_num_queries(19):
        client.get(ADDRESS)
