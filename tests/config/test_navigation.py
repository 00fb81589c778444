from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config.navigation import landing_address, navigation
from workforce.models import Committee, Grant, Post, Seat, Team, User
from workforce.models.ranges import during

from .conftest import START

TODAY = date(2026, 3, 2)
Person = Callable[..., User]
Appoint = Callable[[User, str], Post]


def grant(user: User, role: str, **scope: Any) -> Grant:
    return Grant.objects.create(user=user, role=role, during=during(START), reason="Board minute 7", **scope)


def seat(user: User, ward: Team) -> None:
    committee = Committee.objects.create(organisation=ward.organisation, role_key="quality", name="Quality")
    Seat.objects.create(user=user, committee=committee, during=during(START))


def labels(user: object, path: str = "/") -> list[str]:
    request = RequestFactory().get(path)
    request.user = user  # type: ignore[assignment]
    return [item.label for item in navigation(request)["nav_items"]]  # type: ignore[attr-defined]


def test_staff_land_on_my_learning(person: Person, appoint: Appoint) -> None:
    user = person()
    appoint(user, "frontline")

    assert landing_address(user, TODAY) == reverse("curriculum:my-learning")


def test_patient_representative_lands_on_my_role(person: Person, ward: Team) -> None:
    user = person()
    seat(user, ward)

    assert landing_address(user, TODAY) == reverse("curriculum:my-role")
    assert labels(user) == ["My role", "Open data"]


def test_patient_representative_in_a_tier_finds_what_it_asks(person: Person, appoint: Appoint) -> None:
    user = person()
    appoint(user, "patients")

    assert labels(user) == ["My role", "My capabilities", "Open data"]


def test_team_lead_lands_on_my_team(person: Person, appoint: Appoint, ward: Team) -> None:
    user = person()
    appoint(user, "managers")
    grant(user, Grant.Role.TEAM_LEAD, team=ward)

    assert landing_address(user, TODAY) == reverse("curriculum:my-team")
    assert labels(user) == ["My learning", "My capabilities", "My team", "Plans", "Open data"]


def test_capability_lead_lands_on_the_coverage_of_their_organisation(person: Person, ward: Team) -> None:
    user = person()
    grant(user, Grant.Role.CAPABILITY_LEAD, organisation=ward.organisation)

    assert landing_address(user, TODAY) == reverse("competencies:coverage", args=["XQA"])


def test_education_lead_lands_on_organisations_before_anything_else(person: Person, ward: Team) -> None:
    user = person()
    grant(user, Grant.Role.EDUCATION_LEAD, national=True)
    grant(user, Grant.Role.CAPABILITY_LEAD, organisation=ward.organisation)

    assert landing_address(user, TODAY) == reverse("competencies:organisations")


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_somebody_who_only_edits_lands_in_wagtail(person: Person, group: str) -> None:
    user = person()
    user.groups.add(Group.objects.get_or_create(name=group)[0])

    assert landing_address(user, TODAY) == reverse("wagtailadmin_home")


def test_an_editor_with_a_post_lands_where_they_learn(person: Person, appoint: Appoint) -> None:
    user = person()
    user.groups.add(Group.objects.get_or_create(name="Editors")[0])
    appoint(user, "experts")

    assert landing_address(user, TODAY) == reverse("curriculum:my-learning")
    assert labels(user) == ["My learning", "My capabilities", "Content", "Open data"]


def test_somebody_without_anything_lands_on_the_page_that_helps(person: Person) -> None:
    assert landing_address(person(), TODAY) == reverse("curriculum:my-learning")


def test_an_ended_grant_shows_nothing(person: Person, ward: Team) -> None:
    user = person()
    Grant.objects.create(
        user=user, role=Grant.Role.TEAM_LEAD, team=ward, during=during(START, date(2021, 1, 1))
    )

    assert labels(user) == ["Open data"]


def test_founding_verifier_finds_practice_to_confirm(person: Person) -> None:
    user = person()
    grant(user, Grant.Role.FOUNDING_VERIFIER, national=True)

    assert labels(user) == ["Confirm practice", "Open data"]


def test_the_menu_costs_one_query(
    person: Person, appoint: Appoint, ward: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = person()
    appoint(user, "managers")
    grant(user, Grant.Role.TEAM_LEAD, team=ward)
    grant(user, Grant.Role.CAPABILITY_LEAD, organisation=ward.organisation)

    with django_assert_num_queries(1):
        labels(user)


@pytest.mark.parametrize(
    ("path", "current"), [("/my-learning/", "page"), ("/my-learning/more/", "true"), ("/start/", "")]
)
def test_the_menu_marks_where_you_are(person: Person, appoint: Appoint, path: str, current: str) -> None:
    user = person()
    appoint(user, "frontline")
    request = RequestFactory().get(path)
    request.user = user

    first = next(iter(navigation(request)["nav_items"]))  # type: ignore[call-overload]

    assert (first.label, first.current) == ("My learning", current)
