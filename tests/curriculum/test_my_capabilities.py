"""My capabilities: what is asked and held, on what evidence, what closes a gap, and where one puts oneself."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from competencies.actions import assess_oneself, verify
from competencies.models import SelfAssessment
from curriculum.actions import (
    PriorLearning,
    accept_prior_learning,
    finish_reading,
    start_attempt,
    submit_practice,
)
from curriculum.keys import key_of
from learning.models import Statement
from workforce.models import Membership, Post, Team, Tier, User
from workforce.models.ranges import during

from .conftest import START
from .expected import adopt, hold

Person = Callable[..., User]
TODAY = timezone.localdate()
LIST = "/my-capabilities/"
ONE = "/my-capabilities/SS-1/"


@pytest.fixture
def asked(curriculum: None, ward: Team) -> None:
    adopt(ward.organisation, START)


def page(client: Client, user: User, path: str = LIST) -> str:
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split("<main")[1].split())


def say(client: Client, user: User, **changes: str) -> int:
    client.force_login(user)
    return client.post(ONE, {"level": "3", "confidence": "2", "comment": ""} | changes).status_code


def in_words(day: date) -> str:
    return date_format(day, "j F Y")


def joins(ward: Team, start: date, tier: str = "frontline") -> User:
    user = User.objects.create_user("nia@example.com", name="Nia")
    membership = Membership.objects.create(user=user, organisation=ward.organisation)
    Post.objects.create(
        membership=membership, team=ward, tier=Tier.objects.get(key=tier), during=during(start)
    )
    return user


@pytest.mark.parametrize("path", [LIST, ONE])
def test_it_asks_to_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).headers["Location"].startswith(reverse("sign-in"))


def test_a_gap_says_what_is_asked_by_when_and_which_module_closes_it(
    client: Client, asked: None, ward: Team
) -> None:
    html = page(client, joins(ward, TODAY))

    assert "You hold 0 of the 2 capabilities asked, at the level asked." in html
    assert f"Level 2 is asked, by {in_words(TODAY + timedelta(days=90))}." in html
    assert "You do not hold a level yet." in html
    assert 'What closes it: <a href="' in html
    assert html.count('">TS-1 Module TS-1</a>') == 2
    assert html.count("Gap</strong>") == 2


def test_what_is_held_says_since_when_and_until_when(client: Client, asked: None, learner: User) -> None:
    end = TODAY + timedelta(days=100)
    hold(learner, "SS-1", 2, date(2024, 3, 1), end)

    html = page(client, learner)

    assert "You hold 1 of the 2" in html
    assert f"You hold level 2, since 1 March 2024, until {in_words(end)}." in html
    assert html.count("Gap</strong>") == 1


def test_a_module_under_way_is_continued(client: Client, asked: None, learner: User) -> None:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))

    html = page(client, learner, ONE)

    assert reverse("curriculum:step", args=[attempt.registration, key_of("TS-1.a1")]) in html
    assert "TS-1 Module TS-1</a> (started)" in html


def test_no_day_is_named_where_nothing_can_be_started_yet(
    client: Client, curriculum: None, learner: User, ward: Team
) -> None:
    adopt(ward.organisation, START, [("frontline", "IM-3", 1, 90), ("frontline", "SS-1", 2, 90)])

    html = page(client, learner, "/my-capabilities/IM-3/")

    assert "Level 1 is asked. You do not hold a level yet." in html
    assert "No module for this is here yet." in html
    assert "Level 2 is asked, now." in page(client, learner, ONE)


def test_a_gap_at_level_3_is_closed_by_practice(
    client: Client, curriculum: None, learner: User, ward: Team
) -> None:
    adopt(ward.organisation, START, [("frontline", "SS-1", 3, 90)])

    assert "What closes it, with its practice: " in page(client, learner)
    assert "once somebody has confirmed the practice in it" in page(client, learner, ONE)


def test_patient_representatives_read_of_no_gap_and_no_day(
    client: Client, asked: None, person: Person
) -> None:
    html = page(client, person("Petra Partner", "patients"))

    assert "Level 2 is asked. You do not hold a level yet." in html
    assert "What helps: " in html
    assert "You hold 0 of" not in html
    assert "Gap</strong>" not in html
    assert "What gaps and levels are" not in html


def test_what_is_held_and_not_asked_stands_apart(client: Client, asked: None, learner: User) -> None:
    hold(learner, "IM-3", 1, date(2024, 3, 1))

    html = page(client, learner)

    apart = html.split("What else you hold")[1]
    assert "Testing changes (PDSA)" in apart
    assert "Since 1 March 2024." in apart


def test_somebody_without_a_post_reads_why_nothing_is_asked(
    client: Client, asked: None, outsider: User
) -> None:
    html = page(client, outsider)

    assert "Nothing is asked of you today." in html
    assert "Your work does not ask for this." in page(client, outsider, ONE)


def test_evidence_says_what_was_done_when_and_who_confirmed_it(
    client: Client, asked: None, learner: User, verifier: User
) -> None:
    accept_prior_learning(
        user=learner, module_key=key_of("TS-1"), reason=PriorLearning.TESTED_OUT, by=verifier
    )
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    finish_reading(attempt=attempt, activity_key=key_of("TS-1.a1"))
    practice = submit_practice(
        attempt=attempt, activity_key=key_of("TS-1.a4"), verifier=verifier, answers={"SS-1": "I saw it"}
    )
    verify(practice=practice, by=verifier)

    html = page(client, learner, ONE)

    today = in_words(TODAY)
    assert f"Vera Verifier confirmed “{practice.title}”, {today}. It shows level 3" in html
    assert f"What you learned before was accepted for “Module TS-1”, {today}. It shows level 2" in html
    assert html.index("level 3.") < html.index("level 2.")


def test_nothing_of_a_colleague_is_on_the_page(
    client: Client, asked: None, learner: User, person: Person
) -> None:
    hold(learner, "SS-1", 2, START)
    assess_oneself(user=learner, capability_code="SS-1", level=4, confidence=3, comment="A private word")

    colleague = person("Colm Colleague")
    for path in (LIST, ONE):
        html = page(client, colleague, path)
        assert "You do not hold a level yet." in html
        assert "A private word" not in html
        assert "Your own view" not in html


def test_a_capability_that_no_edition_words_is_not_found(client: Client, asked: None, learner: User) -> None:
    client.force_login(learner)

    assert client.get("/my-capabilities/XX-1/").status_code == 404


def test_what_one_says_of_oneself_is_history_beside_the_evidence(
    client: Client, asked: None, learner: User
) -> None:
    hold(learner, "SS-1", 1, START)

    assert say(client, learner, comment="I use it on rounds") == 302
    assert say(client, learner, level="none", confidence="1") == 302
    html = page(client, learner, ONE)

    history = html.split("What you said before")[1]
    assert history.index("None of the levels yet. Not confident yet.") < history.index(
        "Level 3. Fairly confident."
    )
    assert "I use it on rounds" in history
    assert "You hold level 1" in html
    assert "Your own view: none of the levels yet." in page(client, learner)


def test_it_makes_no_statement(client: Client, asked: None, learner: User) -> None:
    say(client, learner, comment="A private word")

    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"level": ""}, "Choose the level that fits you, or “None of these yet”"),
        ({"level": "7"}, "Select a valid choice"),
        ({"confidence": ""}, "Choose how confident you feel"),
        ({"comment": "x" * 2001}, "Shorten this to 2000 characters or fewer. It has 2001"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    client: Client, asked: None, learner: User, changes: dict[str, str], error: str
) -> None:
    client.force_login(learner)

    response = client.post(ONE, {"level": "3", "confidence": "2", "comment": ""} | changes)

    assert response.status_code == 422
    assert error in response.content.decode()
    assert not SelfAssessment.objects.exists()


def test_a_comment_is_deleted_and_what_was_said_stays(client: Client, asked: None, learner: User) -> None:
    say(client, learner, comment="A word too many")
    row = SelfAssessment.objects.get()

    client.post(f"{ONE}erase-comment/", {"assessment": row.pk})

    html = page(client, learner, ONE)
    assert "A word too many" not in html
    assert "Level 3. Fairly confident." in html


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30])
def test_a_comment_that_is_not_there_is_not_found(
    client: Client, asked: None, learner: User, number: str
) -> None:
    client.force_login(learner)

    assert client.post(f"{ONE}erase-comment/", {"assessment": number}).status_code == 404


def test_nobody_deletes_the_comment_of_another(
    client: Client, asked: None, learner: User, outsider: User
) -> None:
    row = assess_oneself(user=learner, capability_code="SS-1", level=1, confidence=1, comment="Mine")
    client.force_login(outsider)

    assert client.post(f"{ONE}erase-comment/", {"assessment": row.pk}).status_code == 404
    row.refresh_from_db()
    assert row.comment == "Mine"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_much_is_held(
    number: int, client: Client, asked: None, learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("SS-1", "SS-2", "IM-3")[:number]:
        hold(learner, code, 1, START)
        assess_oneself(user=learner, capability_code=code, level=1, confidence=1)
    page(client, learner)

    with django_assert_num_queries(18):
        client.get(LIST)


@pytest.mark.parametrize("number", [1, 3])
def test_one_capability_takes_the_same_queries_however_often_it_was_assessed(
    number: int, client: Client, asked: None, learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for level in range(1, number + 1):
        assess_oneself(user=learner, capability_code="SS-1", level=level, confidence=1)
    page(client, learner, ONE)

    with django_assert_num_queries(22):
        client.get(ONE)
