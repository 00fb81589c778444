import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from competencies.models import Requirement
from curriculum.actions import finish_reading, import_curriculum, start_attempt, submit_practice
from curriculum.keys import key_of
from curriculum.models import Attempt, ModulePage
from workforce.models import Membership, Post, Team, Tier, User
from workforce.models.ranges import during

from . import small
from .conftest import START
from .expected import adopt, finished, hold

Person = Callable[..., User]
TODAY = timezone.localdate()


@pytest.fixture
def asked(curriculum: None, ward: Team) -> None:
    adopt(ward.organisation, START)


def page(client: Client, user: User) -> str:
    client.force_login(user)
    response = client.get(reverse("curriculum:my-learning"))
    assert response.status_code == 200
    return response.content.decode()


def joins(ward: Team, name: str, start: date, tier: str = "frontline") -> User:
    user = User.objects.create_user(f"{name.lower()}@example.com", "four-words-in-a-row", name=name)
    membership = Membership.objects.create(user=user, organisation=ward.organisation)
    Post.objects.create(
        membership=membership, team=ward, tier=Tier.objects.get(key=tier), during=during(start)
    )
    return user


def more_modules(*keys: str, essentials: bool = False) -> dict[str, bytes]:
    """The small curriculum with more modules for the front line, each written out."""
    tiers = small.OUTLINE["tiers"]
    modules = [small.STAFF, *(_another(key, essentials) for key in keys)]
    files = small.files(
        {**small.OUTLINE, "tiers": {**tiers, "frontline": {**tiers["frontline"], "modules": modules}}}
    )
    return files | {f"modules/{key}.yaml": yaml.safe_dump(small.written(key)).encode() for key in keys}


def _another(key: str, essentials: bool) -> dict[str, Any]:
    """The module in preparation under another key, with nothing before it."""
    named = json.loads(json.dumps(small.COMING).replace("TS-2", key))
    activities = [{**activity, "essentials": essentials} for activity in named["activities"]]
    return {**named, "activities": activities, "prerequisites": []}


def test_my_learning_asks_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/my-learning/").headers["Location"].startswith(reverse("sign-in"))


def test_next_module_says_which_gaps_it_closes_and_by_when(client: Client, asked: None, ward: Team) -> None:
    html = page(client, joins(ward, "Nia", TODAY))

    first = date_format(TODAY + timedelta(days=90), "j F Y")
    assert "Next for you" in html
    assert (
        f"Closes 2 gaps: Systems thinking at level 2 and Human factors at level 1. The first is due by {first}."
        in html
    )
    assert "0 of 1 modules done" in html
    assert "25 minutes left, in paid time." in html


def test_days_that_have_passed_are_told_kindly(client: Client, asked: None, learner: User) -> None:
    html = page(client, learner)

    assert "The first is due now." in html
    assert "overdue" not in html.lower()
    assert "mandatory" not in html.lower()


def test_what_is_held_is_no_gap(client: Client, asked: None, learner: User) -> None:
    hold(learner, "SS-1", 2, START, TODAY + timedelta(days=10))

    html = page(client, learner)

    assert "Closes 1 gap: Human factors at level 1. It is due now." in html
    assert f"Level 2, until {date_format(TODAY + timedelta(days=10), 'j F Y')}" in html


def test_open_attempt_continues_at_the_step_where_it_stopped(
    client: Client, asked: None, learner: User
) -> None:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    finish_reading(attempt=attempt, activity_key=key_of("TS-1.a1"))

    html = page(client, learner)

    assert "Continue where you stopped" in html
    assert reverse("curriculum:step", args=[attempt.registration, key_of("TS-1.a2")]) in html
    assert "Next step: About TS-1.a2" in html
    assert "20 minutes left" in html
    assert "Next for you" not in html


def test_step_that_was_begun_last_comes_before_others(asked: None, client: Client, learner: User) -> None:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    attempt.steps.create(activity_key=key_of("TS-1.a4"), draft={"answers": {}})

    assert reverse("curriculum:step", args=[attempt.registration, key_of("TS-1.a4")]) in page(client, learner)


def test_nobody_sees_the_attempts_of_a_colleague(
    client: Client, asked: None, learner: User, person: Person
) -> None:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))

    html = page(client, person("Colm Colleague"))

    assert str(attempt.registration) not in html
    assert "Continue where you stopped" not in html


def test_finished_module_shows_the_day(client: Client, asked: None, learner: User) -> None:
    finished(learner, "TS-1")
    hold(learner, "SS-1", 2, START)
    hold(learner, "SS-2", 1, START)

    html = page(client, learner)

    assert f"Done {date_format(TODAY, 'j F Y')}" in html
    assert "1 of 1 modules done" in html
    assert "You have done everything you can start today." in html


def test_finished_module_whose_level_lapsed_can_be_renewed(
    client: Client, asked: None, learner: User
) -> None:
    finished(learner, "TS-1")
    hold(learner, "SS-2", 1, START)

    html = page(client, learner)

    assert "To renew" in html
    assert "Closes 1 gap: Systems thinking at level 2." in html


def test_module_that_shows_only_what_is_held_need_not_be_done(
    client: Client, asked: None, learner: User
) -> None:
    hold(learner, "SS-1", 4, START)
    hold(learner, "SS-2", 1, START)

    html = page(client, learner)

    assert "Held already" in html
    assert "Next for you" not in html


def test_module_in_preparation_is_marked_and_never_next(client: Client, asked: None, learner: User) -> None:
    ModulePage.objects.update(in_preparation=True)

    html = page(client, learner)

    assert "In preparation" in html
    assert "1 module is still being written." in html
    assert "2 of your gaps need modules that are still being written." in html
    assert "There is nothing to start yet: your modules are still being written." in html
    assert "Next for you" not in html


def test_essentials_come_first(client: Client, names: None, ward: Team, learner: User) -> None:
    import_curriculum(files=more_modules("TS-3", essentials=True))
    adopt(ward.organisation, START)

    html = page(client, learner)

    assert html.index("It is part of Essentials") < html.index("TS-1 Module TS-1")
    assert html.index("TS-3 Module TS-3") < html.index("TS-1 Module TS-1")


def test_overlay_adds_its_modules(client: Client, names: None, ward: Team, learner: User) -> None:
    overlay = Tier.objects.get(key="frontline").overlays.create(key="educator", label="Teaches or supervises")
    import_curriculum(
        files=small.files({**small.OUTLINE, "overlay_modules": [{**small.COMING, "overlays": ["educator"]}]})
    )

    assert "TS-2 Module TS-2" not in page(client, learner)
    Post.objects.get(membership__user=learner).overlays.add(overlay)
    html = page(client, learner)

    assert "Because of what you do: Teaches or supervises" in html
    assert "TS-2 Module TS-2" in html
    assert "Best after TS-1." in html


def test_practice_that_was_sent_waits_for_somebody(
    client: Client, asked: None, learner: User, verifier: User
) -> None:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    submit_practice(
        attempt=attempt, activity_key=key_of("TS-1.a4"), verifier=verifier, answers={"SS-1": "I saw it"}
    )

    html = page(client, learner)

    assert "Waiting for somebody" in html
    assert f"with {verifier.name} since" in html
    assert "20 minutes left" in html


def test_without_an_edition_the_programme_is_still_there(
    client: Client, curriculum: None, learner: User
) -> None:
    html = page(client, learner)

    assert "Next for you" in html
    assert "gap" not in html.split("What gaps and levels are")[0]


@pytest.mark.parametrize("in_preparation", [False, True])
def test_patient_representatives_see_no_days_and_no_gaps(
    client: Client, asked: None, person: Person, in_preparation: bool
) -> None:
    ModulePage.objects.update(in_preparation=in_preparation)

    html = page(client, person("Petra Partner", "patients"))

    assert "Helps you with Systems thinking." in html
    assert "due by" not in html
    assert "gap" not in html
    assert reverse("curriculum:my-role") in html


def test_somebody_without_a_post_reads_whom_to_ask(client: Client, curriculum: None, outsider: User) -> None:
    html = page(client, outsider)

    assert "You have no post here yet" in html
    assert settings.SERVICE_CONTACT in html
    assert "What you can read now" in html
    assert "Frontline" in html


def test_somebody_whose_post_begins_later_reads_when(client: Client, curriculum: None, ward: Team) -> None:
    html = page(client, joins(ward, "Fay", TODAY + timedelta(days=7)))

    assert "Your post begins soon" in html
    assert f"{date_format(TODAY + timedelta(days=7), 'j F Y')}: Ward 1, Invented Trust" in html


@pytest.mark.parametrize("number", [1, 3])
def test_my_learning_takes_the_same_queries_however_long(
    number: int,
    client: Client,
    names: None,
    ward: Team,
    learner: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    keys = [f"TS-{n}" for n in range(10, 10 + number)]
    import_curriculum(files=more_modules(*keys))
    adopt(ward.organisation, START)
    for key in keys:
        start_attempt(user=learner, module_key=key_of(key))
    page(client, learner)  # Wagtail keeps its site's root in the cache

    with django_assert_num_queries(15):
        client.get("/my-learning/")

    assert Attempt.objects.count() == number
    assert Requirement.objects.count() == 3
