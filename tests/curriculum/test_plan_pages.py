"""The pages of learning plans: made with a preview, shown as counts to those who lead, and in full to their people."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.models import LearningPlan, PlanAct
from competencies.plans.actions import Draft, ItemSpec, make_plan
from curriculum.actions import finish_reading, start_attempt
from curriculum.keys import key_of
from curriculum.plan_form import modules_to_plan
from learning.iris import activity_iri
from workforce.models import Grant, Membership, Team, User
from workforce.models.ranges import during

from .expected import adopt

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)
LONG_AGO = date(2020, 1, 1)
FILLED = {
    "title": "Before winter",
    "why": "Handovers get short",
    "audience": "everybody",
    "level_SS-1": "2",
    "due": "day",
    "due_on": SOON.isoformat(),
}


@pytest.fixture
def lead(curriculum: None, person: Callable[..., User], ward: Team) -> User:
    adopt(ward.organisation, LONG_AGO)
    lead = person("Leda Lead")
    Grant.objects.create(user=lead, role=Grant.Role.TEAM_LEAD, team=ward, during=during(LONG_AGO))
    return lead


@pytest.fixture
def client(lead: User) -> Client:
    client = Client()
    client.force_login(lead)
    return client


def plan_for(ward: Team, lead: User, title: str = "Before winter", **said: object) -> LearningPlan:
    usual: dict[str, object] = {
        "organisation": ward.organisation,
        "team": ward,
        "title": title,
        "why": "Handovers get short",
        "audience": "everybody",
        "items": [ItemSpec(capability_code="SS-1", level=2, name="Systems thinking")],
        "due_on": SOON,
    }
    return make_plan(draft=Draft(**{**usual, **said}), by=lead)  # type: ignore[arg-type]


def seal_in(page: str) -> str:
    return page.partition('name="seal" value="')[2].partition('"')[0]


def test_a_lead_sees_whom_a_plan_reaches_before_it_is_made(client: Client, ward: Team, learner: User) -> None:
    filled = {**FILLED, "place": f"t{ward.pk}"}
    page = client.post("/plans/new/", {**filled, "go": "preview"}).content.decode()
    assert "This reaches 2 people today" in page
    assert not LearningPlan.objects.exists()

    changed = {**filled, "why": "Another reason", "seal": seal_in(page), "go": "make"}
    assert client.post("/plans/new/", changed).status_code == 200
    assert not LearningPlan.objects.exists()

    answer = client.post("/plans/new/", {**filled, "seal": seal_in(page), "go": "make"})

    plan = LearningPlan.objects.get()
    assert answer.headers["Location"] == f"/plans/{plan.uuid}/"
    assert plan.assignments.count() == 2


def test_people_are_named_by_number_or_address_and_unknown_ones_are_said(
    client: Client, ward: Team, learner: User, lead: User
) -> None:
    Membership.objects.filter(user=learner).update(staff_number="A17")
    filled = {**FILLED, "place": f"t{ward.pk}", "audience": "people", "go": "preview"}
    page = client.post("/plans/new/", {**filled, "people": "a17\nLEDA@example.com"}).content.decode()
    assert "This reaches 2 people today" in page
    answer = client.post("/plans/new/", {**filled, "people": "A17 nobody@example.com"})
    assert answer.status_code == 422
    assert "nobody@example.com" in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"level_SS-1": ""}, "Choose at least one capability or module"),
        ({"due_on": ""}, "Enter the day"),
        ({"due_on": "2020-01-01"}, "Enter a day that is still to come"),
        ({"audience": "tier"}, "Choose a tier"),
        ({"audience": "joiners"}, "Enter the first day"),
        ({"place": "t0"}, "Choose a place from the list"),
    ],
)
def test_what_is_missing_is_said(client: Client, ward: Team, said: dict[str, str], message: str) -> None:
    answer = client.post("/plans/new/", {**FILLED, "place": f"t{ward.pk}", **said, "go": "preview"})
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_plan_can_start_from_what_a_tier_is_expected_to_hold(client: Client) -> None:
    form = client.get("/plans/new/?from=frontline").context["form"]
    assert form["level_SS-1"].value() == 2
    assert form["level_SS-2"].value() == 1
    assert form["tier"].value() == "frontline"


def test_a_module_of_a_plan_is_done_when_its_own_statement_stands(
    client: Client, ward: Team, lead: User, learner: User
) -> None:
    item = modules_to_plan()[activity_iri(key_of("TS-1"))]
    assert item.module_verb.endswith("passed")
    plan = plan_for(ward, lead, items=[item])
    client.force_login(learner)
    assert "Not yet" in client.get("/my-learning/").content.decode()
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    finish_reading(attempt=attempt, activity_key=key_of("TS-1.a1"))
    assert plan.assignments.get(user=learner).met_on is None


@pytest.mark.parametrize("path", ["/my-learning/", "/my-capabilities/"])
def test_people_see_what_is_asked_of_them_why_by_whom_and_until_when(
    client: Client, ward: Team, lead: User, learner: User, path: str
) -> None:
    plan = plan_for(ward, lead)
    client.force_login(learner)
    page = client.get(path).content.decode()
    for words in ("Before winter", "Handovers get short", "Planned by Leda Lead", "You have done 0 of 1"):
        assert words in page
    plan.assignments.update(since=date(2026, 1, 1), due=date(2026, 5, 3))
    page = client.get(path).content.decode()
    assert "It was due 3 May 2026. Talk to your lead about time for it." in page
    assert "overdue" not in page.lower()


def test_the_lead_changes_the_day_takes_a_person_off_and_ends_the_plan(
    client: Client, ward: Team, lead: User, learner: User
) -> None:
    path = f"/plans/{plan_for(ward, lead).uuid}/"
    later = (TODAY + timedelta(days=60)).isoformat()
    new_day = {"go": "due", "due-due": "day", "due-due_on": later, "due-reason": "Winter pressure"}
    assert client.post(path, {**new_day, "due-reason": ""}).status_code == 422
    assert client.post(path, new_day).status_code == 302
    off = {"go": "remove", "remove-person": "learner@example.com", "remove-reason": "On a course"}
    assert client.post(path, off).status_code == 422
    assert client.post(path, {**off, "remove-person": "lena@example.com"}).status_code == 302
    assert PlanAct.objects.get(act="remove").assignment.user == learner
    assert client.post(path, {"go": "end", "end-reason": "Done"}).status_code == 302
    page = client.get(path).content.decode()
    assert "Winter pressure" in page
    assert "Lena" not in page
    client.force_login(learner)
    assert "Leda Lead: On a course" in client.get("/my-capabilities/").content.decode()


@pytest.mark.parametrize("plans", [1, 100])
def test_the_list_takes_as_many_queries_for_one_plan_as_for_a_hundred(
    client: Client, ward: Team, lead: User, plans: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan = plan_for(ward, lead)
    LearningPlan.objects.bulk_create(
        LearningPlan(
            organisation=plan.organisation,
            team=ward,
            title=f"Plan {n}",
            why="To see",
            audience="everybody",
            due_on=SOON,
            starts_on=TODAY,
            made_by=lead,
        )
        for n in range(1, plans)
    )
    with django_assert_num_queries(12):
        page = client.get("/plans/")
    assert len(page.context["plans"]) == min(plans, 50)


def test_who_leads_nothing_or_elsewhere_finds_no_plan(
    client: Client, ward: Team, lead: User, learner: User, person: Callable[..., User]
) -> None:
    path = f"/plans/{plan_for(ward, lead).uuid}/"
    client.force_login(learner)
    assert [client.get(each).status_code for each in ("/plans/", "/plans/new/", path)] == [404, 404, 404]
    other = Team.objects.create(organisation=ward.organisation, code="W2", name="Ward 2")
    elsewhere = person("Ella Elsewhere")
    Grant.objects.create(user=elsewhere, role=Grant.Role.TEAM_LEAD, team=other, during=during(LONG_AGO))
    client.force_login(elsewhere)
    assert client.get(path).status_code == 404
    assert client.get("/plans/").context["plans"] == []
