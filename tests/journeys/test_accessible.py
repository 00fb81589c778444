"""Every kind of page, as each kind of user meets it: axe finds nothing wrong, and nothing sticks out on a phone."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from competencies.actions import pass_on
from competencies.passport.actions import issue_badges, share_page
from competencies.passport.queries import passport_of
from curriculum.actions import submit_try
from curriculum.models import Attempt, ModulePage
from learning.secrets import opened
from workforce.models import Grant, User

from .trust import Trust, account, answer, begin, learn, national_lead, put_forward, take_in
from .walking import press

Visit = Callable[..., Page]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PHONE, SCREEN = 320, 1280
COMMON = ("/",)
# How wide the page is, once the header has folded its menu: it does so a moment after the window changes.
WIDTH = """async () => {
    const width = () => document.documentElement.scrollWidth;
    for (let n = 0; n < 20 && width() > innerWidth; n++) await new Promise(done => setTimeout(done, 50));
    return width();
}"""


def faults(page: Page, addresses: Iterable[str]) -> Iterator[str]:
    """What is wrong with each page, in words."""
    for address in addresses:
        page.goto(address)
        yield from faults_here(page, address)


def faults_here(page: Page, name: str) -> Iterator[str]:
    page.set_viewport_size({"width": PHONE, "height": 800})
    if (wide := page.evaluate(WIDTH)) > PHONE:
        yield f"{name}: {wide} pixels wide on a phone"
    keep_a_picture(page, name)
    page.set_viewport_size({"width": SCREEN, "height": 900})
    if page.locator("h1").count() != 1:
        yield f"{name}: has not one h1"
    found = Axe().run(page, options=RULES)
    if found.violations_count:
        yield f"{name}: {found.generate_report()}"


def keep_a_picture(page: Page, name: str) -> None:
    """To look at the pages oneself: name a folder in SCREENSHOTS."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name.replace('/', '_')}.png", full_page=True)


def step(attempt: Attempt, place: int) -> str:
    return f"{attempt.get_absolute_url()}{attempt.version.module.activities[place].key}/"


def test_pages_for_everybody(db: None, visit: Visit) -> None:
    page = visit()
    written, planned = (ModulePage.objects.get(source_key=key) for key in ("FR-2", "FR-3"))
    names = ("sign-in", "forgotten-password", "password-mail-sent", "contact")
    addresses = [
        *("/", "/words/", "/open-data/", "/open-data/?tier=board"),
        *(reverse(name) for name in names),
        *(written.get_parent().url, written.url, planned.url, written.get_first_child().url),
        *("/privacy/", "/accessibility/", "/how-we-count/", "/nowhere/"),
        reverse("new-password", args=["MQ", "not-a-token"]),
    ]
    assert list(faults(page, addresses)) == []
    page.goto("/sign-in/")
    press(page, "Sign in")
    assert list(faults_here(page, "a mistake in signing in")) == []


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "500"])
def test_pages_for_when_something_is_wrong(db: None, visit: Visit, status: str) -> None:
    words = render_to_string(
        f"{status}.html", {"service_name": "A service", "service_contact": "a@b.example"}
    )
    page = visit()
    page.route("**/broken/", lambda route: route.fulfill(body=words, content_type="text/html"))
    assert list(faults(page, ["/broken/"])) == []


def test_pages_of_a_module(trust: Trust, visit: Visit) -> None:
    """A check under way, passed and failed; a log to write, and one that was sent; a scenario and what follows."""
    learner, again, verifier = trust.person("Lena Learner"), trust.person("Alan Again"), trust.verifier()
    under_way = begin(learner, "FR-2")
    page = visit(learner)
    beginning = [under_way.get_absolute_url(), *(step(under_way, place) for place in range(3))]
    assert list(faults(page, beginning)) == []
    page.goto(step(under_way, 1))
    page.get_by_role("radio").first.check()
    press(page, "Continue")
    assert list(faults_here(page, "what follows from a choice")) == []
    take_in(under_way)
    answer(under_way, 3)
    check = step(under_way, 2)
    assert list(faults(page, [step(under_way, 1), check, f"{check}questions/4/", f"{check}answers/"])) == []
    page.goto(f"{check}questions/4/")
    press(page, "Save and continue")
    assert list(faults_here(page, "a question without an answer")) == []

    done = learn(learner, "FR-1")
    log, sent = done.version.module.practice
    put_forward(done, sent, verifier)
    addresses = [done.get_absolute_url(), step(done, 2), step(done, 3), step(done, 4)]
    addresses += ["/my-capabilities/", "/my-capabilities/PP-1/"]
    assert list(faults(page, addresses)) == []
    page.goto(step(done, done.version.module.activities.index(log)))
    press(page, "Send")
    assert list(faults_here(page, "a log that lacks something")) == []

    failed = begin(again, "FR-2")
    take_in(failed)
    page = visit(again)
    for _ in range(3):
        submit_try(quiz_try=answer(failed, wrongly=True))
    assert list(faults(page, [step(failed, 2), f"{step(failed, 2)}review/"])) == []
    assert list(faults(visit(verifier), ["/verify/", f"/verify/{learner.practice.get().uuid}/"])) == []


def test_pages_of_practice_that_is_talked_about_and_handed_over(trust: Trust, visit: Visit) -> None:
    learner, verifier, second = trust.person("Lena Learner"), trust.verifier(), trust.verifier("Sam Second")
    done = learn(learner, "FR-1")
    log, _ = done.version.module.practice
    practice = put_forward(done, log, verifier)
    mine, theirs = step(done, done.version.module.activities.index(log)), f"/verify/{practice.uuid}/"

    page = visit(verifier)
    page.goto(theirs)
    for summary in ("Ask a question first", "Pass it on to somebody else"):
        page.get_by_text(summary).click()
    assert list(faults_here(page, "what else somebody asked can do")) == []
    press(page, "Pass it on")
    assert list(faults_here(page, "passed on to nobody")) == []
    page.get_by_text("Ask a question first").click()
    page.get_by_label("What do you want to know?").fill("Who was there when you asked?")
    press(page, "Send my question")
    assert list(faults(page, ["/verify/", theirs])) == []

    owner = visit(learner)
    assert list(faults(owner, ["/my-learning/", mine])) == []
    press(owner, "Send my answer")
    assert list(faults_here(owner, "an answer without words")) == []
    owner.get_by_label("Your answer").fill("The night team, and her sister.")
    press(owner, "Send my answer")
    pass_on(practice=practice, by=verifier, to=second, reason="Sam works nights.")
    assert list(faults(owner, [mine])) == []
    Grant.objects.filter(user=second).delete()
    assert list(faults(owner, [f"{mine}?moving"])) == []
    owner.get_by_label("Who do you ask instead?").select_option(label=verifier.name)
    press(owner, "Move it")
    expect(owner.get_by_role("alert")).to_contain_text(f"Moved to {verifier.name}.")
    assert list(faults(page, [f"{theirs}?again"])) == []


def test_pages_of_a_patient_representative(trust: Trust, visit: Visit) -> None:
    partner = trust.representative()
    attempt = begin(partner, "PT-1")
    page = visit(partner)
    assert (
        list(faults(page, ["/my-role/", "/my-learning/", "/my-capabilities/", step(attempt, 2), *COMMON]))
        == []
    )
    take_in(attempt)
    answer(attempt)
    assert list(faults(page, [f"{step(attempt, 2)}answers/", f"{step(attempt, 2)}talk/"])) == []


def test_pages_of_a_passport(trust: Trust, visit: Visit) -> None:
    """With nothing in it; with badges and a link; and what others see of it."""
    empty, learner = trust.person("Nils Newcomer"), trust.person("Lena Learner")
    assert list(faults(visit(empty), ["/passport/"])) == []
    learn(learner, "FR-1")
    page = visit(learner)
    assert list(faults(page, ["/passport/"])) == []
    press(page, "Make the link")
    assert list(faults_here(page, "a link that lacks something")) == []
    held = passport_of(learner, timezone.localdate())
    share = share_page(
        user=learner, capabilities=[one.capability.pk for one in held], shows_name=True, days=7
    )
    badge = issue_badges(user=learner, with_name=True)[0]
    assert list(faults(page, ["/passport/"])) == []
    page = visit()
    assert (
        list(faults(page, [f"/shared/{opened(share.secret)}/", f"/badges/{badge.uuid}/", "/badges/check/"]))
        == []
    )
    page.get_by_label("The badge").fill(badge.signed)
    press(page, "Check the badge")
    assert page.get_by_text("Good today").is_visible()
    assert list(faults_here(page, "a badge that is good")) == []
    page.get_by_label("The badge").fill("")
    press(page, "Check the badge")
    assert list(faults_here(page, "a badge that is missing")) == []


def test_pages_where_each_kind_of_user_works(trust: Trust, visit: Visit) -> None:
    trust.people(12)
    newcomer, editor = account("Nora Newcomer", trust.code), account("Ed Editor", trust.code)
    editor.groups.add(Group.objects.get(name="Editors"))
    coverage = reverse("competencies:coverage", args=[trust.code])
    where: dict[str, tuple[User, tuple[str, ...]]] = {
        "learner": (
            trust.person("Lena Learner"),
            (
                *("/my-learning/", "/my-role/", "/account/", "/account/password/", "/account/reminders/"),
                *("/my-capabilities/", "/my-capabilities/SS-1/", "/my-reflection/", "/my-reflection/14/"),
            ),
        ),
        "team lead": (trust.team_lead(), ("/my-team/", "/my-team/?on=never")),
        "capability lead": (
            trust.capability_lead(),
            (coverage,),
        ),
        "education lead": (national_lead(f"Edith {trust.code}"), ("/organisations/",)),
        "verifier": (trust.verifier(), ("/verify/",)),
        "newcomer": (newcomer, ("/my-learning/", "/my-role/")),
        "editor": (editor, ("/my-learning/", "/admin/")),
    }
    found = {who: list(faults(visit(user), [*pages, *COMMON])) for who, (user, pages) in where.items()}
    assert {who: wrong for who, wrong in found.items() if wrong} == {}
