"""What a person does on the pages of a module, by the words that stand on buttons and links."""

import re

from playwright.sync_api import Locator, Page, expect

from curriculum.models import Attempt, Try

from .trust import PASSWORD

QUESTION = re.compile(r"Question (\d+) of (\d+)")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")


def attempt_at(page: Page) -> Attempt:
    """The attempt whose page is open."""
    found = re.search(r"/attempts/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return Attempt.objects.select_related("version").get(registration=found[1])


def open_part(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).first.click()


def walk_scenario(page: Page) -> int:
    """Choose the first answer in each scene until an ending; returns how many decisions that took."""
    decisions = 0
    heading = page.get_by_role("heading", level=1)
    while page.get_by_role("radio").count():
        page.get_by_role("radio").first.check()
        press(page, "Continue")
        expect(heading).to_contain_text("What follows")
        press(page, "Continue")
        expect(heading).not_to_contain_text("What follows")  # counting does not wait for the next page
        decisions += 1
    expect(page.get_by_text("You have come to an ending")).to_be_visible()
    return decisions


def answer_question(page: Page, *, wrongly: bool = False) -> None:
    """Choose the right option of the question on the page, or a wrong one."""
    attempt = attempt_at(page)
    quiz_try = Try.objects.get(step__attempt=attempt, closed_at=None)
    check = attempt.version.module.checks[0]
    asked = page.get_by_role("heading", level=1).inner_text()
    found = QUESTION.search(asked)
    assert found, page.url
    question = check.question_by_key[quiz_try.drawn[int(found[1]) - 1]]
    place = next(n for n, _ in enumerate(question.options) if (n != question.right) == wrongly)
    option(page, place).check()
    press(page, "Save and continue")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(asked)


def option(page: Page, place: int) -> Locator:
    return page.get_by_role("radio").nth(place)


def answer_all(page: Page) -> int:
    """Begin the check and answer every question right; returns how many there were."""
    press(page, "Start the questions")
    answered = 0
    while QUESTION.search(page.get_by_role("heading", level=1).inner_text()):
        answer_question(page)
        answered += 1
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    return answered


_ROWS = """tables => tables.flatMap(table => {
    const heads = [...table.tHead.rows[0].cells].map(cell => cell.innerText.trim());
    const rows = [...table.querySelectorAll("tbody tr")].filter(row => row.cells.length === heads.length);
    return rows.map(row => Object.fromEntries(heads.map((head, n) => [head, row.cells[n].innerText.trim()])));
})"""


def coverage_on(page: Page) -> list[dict[str, str]]:
    """Every line of the tables of coverage on the page, by the words at the head of each column."""
    rows: list[dict[str, str]] = page.locator("table.app-coverage").evaluate_all(_ROWS)
    return rows
