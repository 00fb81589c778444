"""The main road: a person learns, and their team, their verifier and their own page see it."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from competencies.queries import current_levels
from curriculum.models import Try
from learning.models import Statement
from workforce.models import User

from .trust import Trust, learn
from .walking import answer_all, attempt_at, coverage_on, open_part, press, sign_in, walk_scenario

Visit = Callable[..., Page]


def meets(page: Page, capability: str) -> tuple[int, int]:
    """How many of the front line meet an expectation and how many are due, as My team shows it."""
    page.goto("/my-team/?tier=frontline")
    row = next(row for row in coverage_on(page) if row["Capability"].startswith(f"{capability} "))
    return int(row["Meet it"]), int(row["Due"])


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_learner_finishes_fr2_and_the_team_leads_figure_moves(
    trust: Trust, visit: Visit, javascript: bool
) -> None:
    lead, learner = trust.team_lead(), trust.person("Lena Learner")
    trust.people(11)
    of_lead = visit(lead)
    assert meets(of_lead, "SS-1") == (0, 12)

    page = visit(java_script_enabled=javascript)
    page.goto("/my-learning/")
    sign_in(page, learner.email or "")
    expect(page).to_have_url(re.compile("/my-learning/$"))
    open_part(page, "Why things go wrong at work")
    press(page, "Start now")
    attempt = attempt_at(page)
    for activity in attempt.version.module.activities:
        open_part(page, activity.title)
        if activity.is_check:
            assert answer_all(page) == 2 * len(attempt.version.module.outcomes)
            press(page, "Send my answers")
            expect(page.get_by_text("You have passed.")).to_be_visible()
            press(page, "Continue with the module")
        elif activity.scenes:
            assert walk_scenario(page) >= 3
            press(page, "Continue with the module")
        else:
            press(page, "I have read this")
    expect(page.get_by_text("You have finished this module. Well done.")).to_be_visible()

    assert meets(of_lead, "SS-1") == (1, 12)


def test_a_verifier_confirms_a_log_of_fr1_and_level_3_appears(trust: Trust, visit: Visit) -> None:
    verifier, learner, lead = trust.verifier(), trust.person("Lena Learner"), trust.team_lead()
    attempt = learn(learner, "FR-1")
    log = attempt.version.module.practice[-1]
    (claim, _), *_ = attempt.version.module.claims_by(log)
    page = visit(learner)
    page.goto(attempt.get_absolute_url())
    open_part(page, log.title)
    page.get_by_role("textbox").first.fill("I asked what mattered to her, and we changed the plan.")
    page.get_by_label("Who do you ask to confirm this?").select_option(label=verifier.name)
    press(page, "Send")
    expect(page.get_by_text("Waiting to be confirmed")).to_be_visible()
    assert levels(learner)[claim.capability] == 2

    theirs = visit()
    theirs.goto("/sign-in/")
    sign_in(theirs, verifier.email or "")
    theirs.get_by_role("link", name="Confirm practice").first.click()
    open_part(theirs, log.title)
    expect(theirs.get_by_text("I asked what mattered to her")).to_be_visible()
    theirs.get_by_label("I confirm this was done").check()
    press(theirs, "Send my answer")
    expect(theirs.get_by_role("alert")).to_contain_text("You confirmed")

    assert levels(learner)[claim.capability] == 3
    page.goto("/my-learning/")
    page.get_by_text("What you hold today, and until when").click()
    expect(page.get_by_role("definition").filter(has_text="Level 3")).to_have_count(1)
    nosy = visit(lead).goto(f"/verify/{learner.practice.get().uuid}/")
    assert nosy
    assert nosy.status == 404


def levels(user: User) -> dict[str, int]:
    return current_levels(user, timezone.localdate())


def test_a_patient_representative_finishes_pt1_and_no_score_is_anywhere(trust: Trust, visit: Visit) -> None:
    partner = trust.representative()
    page = visit()
    page.goto("/sign-in/")
    sign_in(page, partner.email or "")
    expect(page).to_have_url(re.compile("/my-role/$"))
    press(page, "Begin with")
    press(page, "Start now")
    attempt = attempt_at(page)
    seen = []
    for activity in attempt.version.module.activities:
        open_part(page, activity.title)
        if activity.is_check:
            seen.append(page.content())
            answer_all(page)
            press(page, "See what we think")
            seen.append(page.content())
            page.get_by_label("I have talked these answers through").check()
            press(page, "Finish the check")
        elif activity.scenes:
            walk_scenario(page)
            press(page, "Continue with the module")
        else:
            press(page, "I have read this")
    expect(page.get_by_text("You have finished this module. Well done.")).to_be_visible()
    open_part(page, attempt.version.module.checks[0].title)
    seen.append(page.content())

    assert not [
        words for words in seen if re.search(r"\d+ of \d+ answers|80%|You have passed|Not there", words)
    ]
    quiz_try = Try.objects.get(step__attempt=attempt)
    assert (quiz_try.score, quiz_try.passed, quiz_try.answers) == (None, None, {})
    payloads = Statement.objects.filter(actor__user=partner).values_list("payload", flat=True)
    assert payloads
    assert not [payload for payload in payloads if '"score"' in payload or '"success"' in payload]
