"""A capability lead asks people to learn something: by a plan with a day, and on top of the national edition."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from .test_accessible import faults_here
from .trust import Trust, learn
from .walking import press

Visit = Callable[..., Page]
Look = Callable[[Page, str], Iterable[str]]


def row(page: Page, key: str) -> Locator:
    """The line of a summary list under this word."""
    return page.locator(".nhsuk-summary-list__row").filter(has_text=key)


def capability(page: Page, code: str) -> Locator:
    return page.get_by_role("listitem").filter(
        has=page.locator(f'a[href$="/my-capabilities/{code.lower()}/" i]')
    )


def test_a_plan_is_looked_at_made_seen_by_its_people_and_counted(trust: Trust, visit: Visit) -> None:
    lead, learner = trust.capability_lead(), trust.person("Lena Learner")
    trust.people(11)
    page, theirs = visit(lead), visit(learner)
    wrong = make_plan(page, trust, faults_here)
    expect(row(page, "Given to")).to_contain_text("12 people")
    expect(row(page, "Have done all of it").first).to_contain_text("0")
    expect(page.get_by_text(learner.name)).to_have_count(0)
    made = page.url

    theirs.goto("/my-learning/")
    expect(theirs.get_by_role("heading", name="What your lead planned with you")).to_be_visible()
    expect(theirs.get_by_text("Why: Handovers get short.")).to_be_visible()
    expect(theirs.get_by_text("You have done 0 of 1.")).to_be_visible()
    wrong += faults_here(theirs, "my learning with a plan")
    learn(learner, "FR-2")
    theirs.reload()
    expect(theirs.get_by_text("You have done all of it")).to_be_visible()

    page.goto(made)
    expect(row(page, "Have done all of it").first).to_contain_text("1")
    expect(row(page, "Not all of it")).to_contain_text("11")
    expect(page.get_by_text(learner.name)).to_have_count(0)
    wrong += faults_here(page, "a plan and its counts")
    assert wrong == []


def test_a_plan_is_made_without_javascript(trust: Trust, visit: Visit) -> None:
    page = visit(trust.capability_lead(), java_script_enabled=False)
    trust.people(12)

    make_plan(page, trust, lambda page, name: [])

    expect(row(page, "Given to")).to_contain_text("12 people")


def make_plan(page: Page, trust: Trust, look: Look) -> list[str]:
    """By way of a form that lacks something, and a look at whom it reaches; returns what is wrong with the pages."""
    due = timezone.localdate() + timedelta(days=30)
    page.goto("/plans/")
    page.get_by_role("button", name="Make a plan").or_(page.get_by_role("link", name="Make a plan")).click()
    press(page, "Check whom it reaches")
    expect(page.get_by_role("alert")).to_contain_text("Enter a name for the plan")
    wrong = list(look(page, "a plan that lacks something"))
    page.get_by_label("What is the plan called?").fill("Before winter")
    page.get_by_label("Why do you ask this of people?").fill("Handovers get short.")
    page.get_by_label("Where?").select_option(label=trust.ward.name)
    page.get_by_label("Everybody there in one tier").check()
    page.get_by_label("The tier").select_option("frontline")
    page.get_by_label("FR-2 Why things go wrong at work").check()
    page.get_by_label("On one day for everybody").check()
    page.get_by_label("The day", exact=True).fill(due.isoformat())
    press(page, "Check whom it reaches")
    expect(page.get_by_text("This reaches 12 people today")).to_be_visible()
    wrong += look(page, "a plan before it is made")
    press(page, "Make the plan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Before winter")
    return wrong


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_a_trust_asks_on_top_is_marked_local(trust: Trust, visit: Visit, javascript: bool) -> None:
    lead, learner = trust.capability_lead(), trust.person("Lena Learner")
    page, theirs = (visit(user, java_script_enabled=javascript) for user in (lead, learner))
    wrong: list[str] = []

    page.goto(f"/local-requirements/{trust.code}/")
    press(page, "Check whom it concerns")
    expect(page.get_by_role("alert")).to_contain_text("Choose who it is for")
    page.get_by_label("Who is it for?").select_option("tier-frontline")
    page.get_by_label("Which capability?").select_option("SS-9")
    page.get_by_label("2 Understand").check()
    page.get_by_label("Why do you ask this?").fill("Our new records system starts in spring.")
    press(page, "Check whom it concerns")
    expect(page.get_by_text("This concerns 1 person today")).to_be_visible()
    if javascript:
        wrong += faults_here(page, "a local requirement before it is added")
    press(page, "Add it")
    expect(page.get_by_text("Our new records system starts in spring.").first).to_be_visible()
    expect(page.get_by_text("End this requirement")).to_be_visible()

    theirs.goto("/my-capabilities/")
    asked = capability(theirs, "SS-9").filter(has_text=f"{trust.organisation.name} asks for level 2")
    expect(asked).to_contain_text("Local")
    expect(asked).to_contain_text("Why: Our new records system starts in spring.")
    if javascript:
        wrong += faults_here(theirs, "my capabilities with a local one")
    assert wrong == []
