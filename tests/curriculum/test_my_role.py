from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from curriculum.actions import start_attempt
from curriculum.keys import key_of
from workforce.models import Committee, Seat, Team, User
from workforce.models.ranges import during

from .conftest import START
from .expected import adopt

Person = Callable[..., User]
TODAY = timezone.localdate()
OWED = (
    "The seat is filled and has a named link person",
    "Papers arrive 5 working days ahead",
    "Expenses are paid within 28 days",
    "Word of what changed because of what was said",
)


def page(client: Client, user: User) -> str:
    client.force_login(user)
    response = client.get(reverse("curriculum:my-role"))
    assert response.status_code == 200
    return response.content.decode()


def seat(user: User, ward: Team, name: str = "Quality", start: date = START, end: date | None = None) -> Seat:
    committee = Committee.objects.create(organisation=ward.organisation, role_key="panel", name=name)
    return Seat.objects.create(user=user, committee=committee, during=during(start, end))


@pytest.fixture
def partner(curriculum: None, person: Person) -> User:
    return person("Petra Partner", "patients")


def test_my_role_asks_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/my-role/").headers["Location"].startswith(reverse("sign-in"))


def test_what_the_organisation_owes_comes_first(client: Client, partner: User, ward: Team) -> None:
    seat(partner, ward)

    html = page(client, partner)

    assert [html.index(text) for text in OWED] == sorted(html.index(text) for text in OWED)
    assert html.index(OWED[-1]) < html.index("Quality")


def test_seat_shows_its_committee_days_link_person_and_role(
    client: Client, partner: User, ward: Team, person: Person
) -> None:
    held = seat(partner, ward, end=date(2090, 3, 1))
    Committee.objects.filter(pk=held.committee_id).update(link_person=person("Linus Link"))

    html = page(client, partner)

    for text in ("Quality", "Invented Trust", "1 January 2020, until 28 February 2090", "Linus Link"):
        assert text in html
    for text in ("To ask", "Monthly", "Some", "Sense"):
        assert text in html


def test_seat_without_a_link_person_says_whom_to_ask(client: Client, partner: User, ward: Team) -> None:
    seat(partner, ward)

    assert "Nobody is named yet. Ask the chair who it is." in page(client, partner)


def test_the_way_to_private_reflection_is_here_too(client: Client, partner: User) -> None:
    assert f'href="{reverse("curriculum:my-reflection")}"' in page(client, partner)


def test_seat_that_begins_later_is_shown_and_one_that_ended_is_not(
    client: Client, partner: User, ward: Team
) -> None:
    seat(partner, ward, "Coming", TODAY + timedelta(days=5))
    seat(partner, ward, "Gone", START, TODAY)

    html = page(client, partner)

    assert "Coming" in html
    assert "Begins" in html
    assert "Gone" not in html


def test_modules_of_the_role_can_be_started(client: Client, partner: User, ward: Team) -> None:
    seat(partner, ward)
    adopt(ward.organisation, START)

    html = page(client, partner)

    assert "Begin with “Module TP-1”" in html
    assert "Helps you with Systems thinking." in html
    assert "due by" not in html


def test_module_under_way_is_continued(client: Client, partner: User, ward: Team) -> None:
    seat(partner, ward)
    attempt = start_attempt(user=partner, module_key=key_of("TP-1"))

    html = page(client, partner)

    assert reverse("curriculum:step", args=[attempt.registration, key_of("TP-1.a1")]) in html
    assert "Begin with" not in html


def test_representative_without_a_seat_reads_what_to_do(client: Client, partner: User) -> None:
    html = page(client, partner)

    assert "You do not have a seat yet" in html
    assert "TP-1 Module TP-1" in html


def test_seat_alone_makes_a_representative(
    client: Client, curriculum: None, outsider: User, ward: Team
) -> None:
    seat(outsider, ward)

    html = page(client, outsider)

    assert "Quality" in html
    assert reverse("curriculum:my-learning") not in html.split("<main")[1]


def test_nobody_sees_the_seat_of_another(client: Client, partner: User, person: Person, ward: Team) -> None:
    seat(partner, ward, "Private panel")

    assert "Private panel" not in page(client, person("Paul Partner", "patients"))


def test_staff_are_shown_the_way_to_my_learning(client: Client, curriculum: None, learner: User) -> None:
    html = page(client, learner)

    assert "My role is for patient representatives" in html
    assert f'href="{reverse("curriculum:my-learning")}"' in html


def test_somebody_with_neither_post_nor_seat_reads_whom_to_ask(
    client: Client, curriculum: None, outsider: User
) -> None:
    assert "You have no post here yet" in page(client, outsider)


def test_word_list_is_open_to_anyone(client: Client, curriculum: None) -> None:
    assert "Being open" in client.get(reverse("curriculum:words")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_my_role_takes_the_same_queries_however_many_seats(
    number: int, client: Client, partner: User, ward: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        seat(partner, ward, f"Panel {n}")
    page(client, partner)

    with django_assert_num_queries(11):
        client.get("/my-role/")
