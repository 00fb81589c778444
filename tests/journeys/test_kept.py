"""Nothing that somebody wrote is lost: not with a closed browser, and not with an ended session."""

import re
from collections.abc import Callable

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from curriculum.models import Try

from .trust import Trust, answer, begin, learn, take_in
from .walking import QUESTION, answer_question, option, press, sign_in

Visit = Callable[..., Page]


def test_answers_survive_a_closed_browser(trust: Trust, visit: Visit) -> None:
    learner = trust.person("Lena Learner")
    attempt = begin(learner, "FR-2")
    take_in(attempt)
    page = visit(learner)
    page.goto(attempt.get_absolute_url())
    press(page, "Continue")
    press(page, "Start the questions")
    answer_question(page)
    answer_question(page)
    page.context.close()

    page = visit()
    page.goto("/my-learning/")
    sign_in(page, learner.email or "")
    page.get_by_role("link", name=attempt.version.module.title).first.click()
    expect(page.get_by_text("You have answered 2 of 10 questions")).to_be_visible()
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 3 of 10")


def test_an_answer_sent_after_the_session_ended_is_kept_until_sign_in(trust: Trust, visit: Visit) -> None:
    learner = trust.person("Lena Learner")
    attempt = begin(learner, "FR-2")
    quiz_try = answer(attempt, 2)
    page = visit(learner)
    page.goto(f"{attempt.get_absolute_url()}{attempt.version.module.checks[0].key}/questions/3/")
    option(page, 1).check()
    Session.objects.all().delete()
    press(page, "Save and continue")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, learner.email or "")
    expect(page.get_by_text("What you had just sent was kept.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 4 of 10")
    assert Try.objects.get(pk=quiz_try.pk).answers[quiz_try.drawn[2]] == 1


def test_what_is_written_is_saved_as_it_is_written(trust: Trust, visit: Visit) -> None:
    learner = trust.person("Lena Learner")
    trust.verifier()
    attempt = learn(learner, "FR-1")
    log = f"{attempt.get_absolute_url()}{attempt.version.module.practice[0].key}/"
    page = visit(learner)
    page.goto(log)
    page.get_by_role("textbox").first.press_sequentially("I stayed with him.")
    expect(page.get_by_role("status").filter(has_text="Saved at")).to_be_visible()
    page.context.close()

    page = visit(learner)
    page.goto(log)
    expect(page.get_by_role("textbox").first).to_have_value("I stayed with him.")


def test_the_keyboard_alone_is_enough_to_sign_in_and_take_a_check(trust: Trust, visit: Visit) -> None:
    learner = trust.person("Lena Learner")
    take_in(begin(learner, "FR-2"))
    page = visit()
    page.goto("/sign-in/")
    tab_to(page, "Email address")
    page.keyboard.type(learner.email or "")
    tab_to(page, "Password")
    page.keyboard.type("four-words-in-a-row")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/my-learning/$"))
    for name in ("Why things go wrong at work", "Start the questions"):
        enter(page, name)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    while found := QUESTION.search(page.get_by_role("heading", level=1).inner_text()):
        skip_to_content(page)
        tab_until(page, "document.activeElement.type === 'radio'")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Save and continue")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "before => !document.querySelector('h1').innerText.includes(before)",
            arg=f"Question {found[1]} of",
        )
    enter(page, "Send my answers")
    expect(page.get_by_text("answers were right")).to_be_visible()


def enter(page: Page, name: str) -> None:
    """Go to a link or button by its words, press Enter and wait for the page that follows."""
    skip_to_content(page)
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def skip_to_content(page: Page) -> None:
    """The first stop on every page leads past the menu, unless the address has led there already."""
    page.keyboard.press("Tab")
    if "#maincontent" not in page.url:
        assert "Skip to main content" in page.evaluate("document.activeElement.innerText")
        page.keyboard.press("Enter")


def tab_to(page: Page, name: str) -> None:
    labels = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
    tab_until(page, f"({labels} ?? '').trim().startsWith({name!r})")


def tab_until(page: Page, condition: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"60 times Tab on {page.url} did not come to: {condition}")
