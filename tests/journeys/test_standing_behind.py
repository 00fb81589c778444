"""What a person can stand behind: practice that somebody read, asked about and signed, and what they learned before."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from competencies.models import VerificationAct

from .test_accessible import faults_here
from .trust import Trust, learn
from .walking import open_part, press

Visit = Callable[..., Page]
Look = Callable[[Page, str], Iterable[str]]
CHART = FilePayload(name="falls.csv", mimeType="text/csv", buffer=b"week,falls\n1,4\n2,1\n")
CERTIFICATE = FilePayload(
    name="certificate.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7\n" + b"Human factors, 2 days\n" * 10
)


def see_nothing(page: Page, name: str) -> list[str]:
    return []


BOTH_WAYS = pytest.mark.parametrize(
    ("javascript", "look"),
    [(True, faults_here), (False, see_nothing)],
    ids=["with JavaScript", "without JavaScript"],
)


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


@BOTH_WAYS
def test_practice_with_a_file_is_asked_about_and_signed(
    trust: Trust, visit: Visit, javascript: bool, look: Look
) -> None:
    verifier, learner = trust.verifier(), trust.person("Lena Learner")
    attempt = learn(learner, "FR-1")
    log = attempt.version.module.practice[-1]
    (claim, _), *_ = attempt.version.module.claims_by(log)
    page, theirs = (visit(user, java_script_enabled=javascript) for user in (learner, verifier))

    page.goto(attempt.get_absolute_url())
    open_part(page, log.title)
    page.get_by_role("textbox").first.fill("I asked what mattered to her, and we changed the plan.")
    page.locator("input[name=files]").set_input_files(CHART)
    press(page, "Attach and save")
    expect(page.get_by_role("link", name="falls.csv")).to_be_visible()
    wrong = list(look(page, "practice with a file"))
    page.get_by_label("Who do you ask to confirm this?").select_option(label=verifier.name)
    press(page, "Send")
    expect(page.get_by_text("Waiting to be confirmed.")).to_be_visible()
    sent = page.url

    theirs.goto("/verify/")
    open_part(theirs, log.title)
    expect(theirs.get_by_text("I asked what mattered to her")).to_be_visible()
    assert downloaded(theirs, "falls.csv") == CHART["buffer"]
    theirs.get_by_text("Ask a question first").click()
    theirs.get_by_label("What do you want to know?").fill("Who changed the plan with you?")
    press(theirs, "Send my question")
    expect(theirs.get_by_role("alert")).to_contain_text("You asked Lena Learner a question.")

    page.goto("/my-learning/")
    page.get_by_role("link", name=log.title).first.click()
    expect(page).to_have_url(sent)
    expect(page.get_by_text("A question for you.")).to_be_visible()
    expect(page.get_by_text("Who changed the plan with you?")).to_be_visible()
    wrong += look(page, "a question to the learner")
    page.get_by_label("Your answer").fill("Her daughter and the night team.")
    press(page, "Send my answer")
    expect(page.get_by_text(f"You answered {verifier.name}")).to_be_visible()

    theirs.goto("/verify/")
    expect(theirs.get_by_text("They answered your question")).to_be_visible()
    open_part(theirs, log.title)
    expect(theirs.get_by_text("Her daughter and the night team.")).to_be_visible()
    wrong += look(theirs, "an answer to the verifier")
    theirs.get_by_label("I confirm this was done").check()
    press(theirs, "Send my answer")
    expect(theirs.get_by_role("alert")).to_contain_text("You confirmed")

    page.goto(sent)
    signed = VerificationAct.objects.get(practice__owner=learner, act=VerificationAct.Act.VERIFY).signature
    assert signed.startswith(verifier.name)
    expect(page.get_by_text(f"Confirmed by {signed} on")).to_be_visible()
    wrong += look(page, "practice that is confirmed")
    page.goto("/my-capabilities/")
    held = page.get_by_role("listitem").filter(has=page.locator(f'a[href$="/{claim.capability}/"]'))
    expect(held.first).to_contain_text("You hold level 3")
    expect(held.first).to_contain_text("Held")
    wrong += look(page, "my capabilities with a level 3")
    page.get_by_role("link", name="My history").click()
    confirmed = page.get_by_role("listitem").filter(has_text="Practice confirmed")
    expect(confirmed).to_contain_text(verifier.name)
    expect(page.get_by_role("listitem").filter(has_text="Question asked about practice")).to_have_count(1)
    wrong += look(page, "my history")
    assert wrong == []


@BOTH_WAYS
def test_what_was_learned_elsewhere_counts_once_a_lead_accepts_it(
    trust: Trust, visit: Visit, javascript: bool, look: Look
) -> None:
    lead, learner = trust.capability_lead(), trust.person("Lena Learner")
    page, theirs = (visit(user, java_script_enabled=javascript) for user in (learner, lead))

    page.goto("/my-capabilities/SS-1/")
    expect(page.get_by_text("You do not hold a level yet.")).to_be_visible()
    page.get_by_role("link", name="learned FR-2 elsewhere").click()
    press(page, "Send my request")
    expect(page.get_by_role("alert")).to_contain_text("Say what you learned")
    wrong = list(look(page, "a request that lacks something"))
    page.get_by_label("What did you learn?").fill("Two days on why things go wrong at work.")
    page.get_by_label("Where did you learn it?").fill("A course of another trust")
    for part, value in {"Day": "3", "Month": "5", "Year": "2024"}.items():
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("I finished a course or module that teaches the same").check()
    page.locator("input[name=document]").set_input_files(CERTIFICATE)
    press(page, "Send my request")
    expect(page.get_by_text("Waiting for a decision.")).to_be_visible()
    wrong += look(page, "a request that waits")
    asked = page.url

    theirs.goto("/prior-learning/")
    wrong += look(theirs, "requests that wait for a lead")
    theirs.get_by_role("link", name="Why things go wrong at work").click()
    assert downloaded(theirs, "certificate.pdf") == CERTIFICATE["buffer"]
    wrong += look(theirs, "a request before the lead")
    theirs.get_by_label("Yes, it counts").check()
    press(theirs, "Send my answer")
    expect(theirs.get_by_role("alert")).to_contain_text("You accepted it.")

    page.goto(asked)
    expect(page.get_by_text("Accepted. It is on your record.")).to_be_visible()
    page.goto("/my-capabilities/SS-1/")
    expect(page.get_by_text("You hold level 2, since").first).to_be_visible()
    wrong += look(page, "a capability that was learned elsewhere")
    page.goto("/my-history/")
    accepted = page.get_by_role("listitem").filter(has_text="Learning from elsewhere accepted")
    expect(accepted.first).to_contain_text(lead.name)
    assert wrong == []
