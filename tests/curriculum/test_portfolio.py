"""One's own portfolio: gathered, put to one person or to a panel of two, and decided."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.models import PanelAct, Portfolio, PortfolioEntry
from curriculum.actions import put_portfolio_to_panel, start_attempt
from curriculum.keys import key_of
from curriculum.models import Attempt, ModulePage, Step
from learning.actions import void_statement
from workforce.models import Grant, Team, Tier, User
from workforce.models.ranges import during

from .conftest import START
from .expected import adopt, hold
from .gathering import gathered

KEY = key_of("TS-1.a5")
PAGE = f"/my-portfolio/{KEY}/"
ENTRY = {
    "on_day": "2",
    "on_month": "3",
    "on_year": "2026",
    "whom": "A new charge nurse.",
    "changed": "She now asks on each round.",
    "learned": "To wait.",
}


@pytest.fixture
def second(ward: Team) -> User:
    """Another founding verifier, who works in no team."""
    user = User.objects.create_user("wanda@example.com", name="Wanda Wide")
    Grant.objects.create(
        user=user,
        role=Grant.Role.FOUNDING_VERIFIER,
        organisation=ward.organisation,
        during=during(START),
        reason="Appointed by the board",
    )
    return user


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def step(attempt: Attempt) -> str:
    found = attempt.steps.filter(activity_key=KEY).first()
    return found.state if found else Step.State.STARTED


@pytest.fixture
def with_panel(attempt: Attempt, verifier: User, second: User) -> Portfolio:
    """Gathered, and put to a panel."""
    portfolio = gathered(attempt.user).portfolio
    put_portfolio_to_panel(attempt=attempt, activity_key=KEY, members=(verifier, second))
    return portfolio


def panel(portfolio: Portfolio) -> str:
    return f"/verify/panel/{portfolio.uuid}/"


def test_the_step_of_a_portfolio_leads_to_it(as_learner: Client, attempt: Attempt) -> None:
    answer = as_learner.get(f"/attempts/{attempt.registration}/{KEY}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)


def test_entries_are_added_changed_moved_and_deleted(as_learner: Client, attempt: Attempt) -> None:
    for whom in ("First nurse", "Second nurse"):
        as_learner.post(f"{PAGE}new/", {**ENTRY, "whom": whom})
    first, second = PortfolioEntry.objects.order_by("order")
    page = text(as_learner)
    assert page.index("First nurse") < page.index("Second nurse")
    as_learner.post(f"{PAGE}{second.pk}/move/", {"go": "up"})
    page = text(as_learner)
    assert page.index("Second nurse") < page.index("First nurse")
    as_learner.post(f"{PAGE}{first.pk}/", {**ENTRY, "whom": "A head of midwifery"})
    as_learner.post(f"{PAGE}{second.pk}/", {"go": "delete"})
    page = text(as_learner)
    assert "A head of midwifery" in page
    assert "nurse" not in page


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"whom": " "}, "Say whom you led or coached"),
        ({"on_day": "31", "on_month": "2"}, "Enter a real day, such as 27 3 2026"),
        ({"on_year": str(timezone.localdate().year), "on_day": "31", "on_month": "12"}, "not in the future"),
    ],
)
def test_an_entry_with_something_missing_is_not_kept(
    as_learner: Client, attempt: Attempt, change: dict[str, str], fault: str
) -> None:
    answer = as_learner.post(f"{PAGE}new/", {**ENTRY, **change})
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert not PortfolioEntry.objects.exists()


def test_one_gathers_before_the_module_can_be_started(as_learner: Client, curriculum: None) -> None:
    ModulePage.objects.update(in_preparation=True)
    as_learner.post(f"{PAGE}new/", ENTRY)
    page = text(as_learner)
    assert "A new charge nurse." in page
    assert "is still being written. You can gather now" in page


def test_without_an_attempt_the_page_leads_to_the_module(as_learner: Client, curriculum: None) -> None:
    assert "You can put it forward when you have begun the module" in text(as_learner)
    assert as_learner.post(PAGE, {"go": "panel", "first": "1", "second": "2"}).status_code == 200
    assert not PanelAct.objects.exists()


def test_it_goes_to_a_panel_and_two_yes_give_level_four(
    as_learner: Client, attempt: Attempt, verifier: User, second: User
) -> None:
    as_learner.post(f"{PAGE}new/", ENTRY)
    answer = as_learner.post(PAGE, {"go": "panel", "first": verifier.pk, "second": second.pk}, follow=True)
    assert "Sent to Vera Verifier and Wanda Wide." in answer.content.decode()
    assert step(attempt) == Step.State.SENT
    portfolio = Portfolio.objects.get()
    for member in (verifier, second):
        client = as_(member)
        assert "About TS-1.a5" in text(client, "/verify/")
        assert "She now asks on each round." in text(client, panel(portfolio))
        client.post(panel(portfolio), {"go": "decide", "decision": "confirm"})
    assert step(attempt) == Step.State.DONE
    assert "Level 4 is yours." in text(as_learner)
    assert "She now asks" not in text(as_(second), panel(portfolio))
    assert "Both of you said yes." in text(as_(second), panel(portfolio))


def test_the_two_do_not_see_each_others_view_before_both_have_answered(
    as_learner: Client, with_panel: Portfolio, verifier: User, second: User, attempt: Attempt
) -> None:
    as_(verifier).post(panel(with_panel), {"decision": "not_yet", "reason": "Say who leads it now."})
    for client, path in ((as_learner, PAGE), (as_(second), panel(with_panel))):
        assert "Say who leads it now." not in text(client, path)
    assert "Vera Verifier has answered." in text(as_learner)
    as_(second).post(panel(with_panel), {"decision": "confirm"})
    page = text(as_learner)
    assert "Say who leads it now." in page
    assert "<strong>Wanda Wide</strong> said yes" in page
    assert "Say who leads it now." in text(as_(second), panel(with_panel))
    assert step(attempt) == Step.State.STARTED
    assert "Send to the panel" in page


def test_a_not_yet_without_words_is_not_taken(with_panel: Portfolio, second: User) -> None:
    answer = as_(second).post(panel(with_panel), {"decision": "not_yet", "reason": " "})
    assert answer.status_code == 422
    assert "Say what would make it a yes" in answer.content.decode()
    assert with_panel.acts.count() == 1


def test_it_can_be_taken_back_and_then_changed(
    as_learner: Client, with_panel: Portfolio, second: User, attempt: Attempt
) -> None:
    assert "Add an entry" not in text(as_learner)
    refused = as_learner.post(f"{PAGE}new/", ENTRY)
    assert "Take it back first" in refused.content.decode()
    assert "taken it back" in as_learner.post(PAGE, {"go": "take_back"}, follow=True).content.decode()
    assert step(attempt) == Step.State.STARTED
    assert "took this back" in text(as_(second), panel(with_panel))
    assert "She now asks" not in text(as_(second), panel(with_panel))
    assert "Nothing waits for you" in text(as_(second), "/verify/")
    assert "Add an entry" in text(as_learner)


def test_a_place_is_filled_again_when_somebody_steps_aside(
    as_learner: Client, with_panel: Portfolio, second: User, person: Callable[..., User]
) -> None:
    as_(second).post(panel(with_panel), {"go": "aside", "note": "We are friends."})
    assert as_(second).get(panel(with_panel)).status_code == 404
    third = person("Tara Third")
    assert "Nobody else where you work" in text(as_learner)
    hold(third, "SS-1", 3, START)
    page = text(as_learner)
    assert "One place is empty" in page
    assert "We are friends." in page
    answer = as_learner.post(PAGE, {"go": "replace_1", "place1-to": third.pk}, follow=True)
    assert "Tara Third is on your panel now." in answer.content.decode()
    assert "She now asks" in text(as_(third), panel(with_panel))


def test_it_goes_to_one_person_as_practice_to_confirm(
    as_learner: Client, attempt: Attempt, verifier: User, ward: Team
) -> None:
    adopt(ward.organisation, START)
    as_learner.post(f"{PAGE}new/", ENTRY)
    answer = as_learner.post(PAGE, {"go": "one", "to": verifier.pk}, follow=True)
    assert "Sent to Vera Verifier." in answer.content.decode()
    assert "What changed: She now asks on each round." in answer.content.decode()
    practice = attempt.user.practice.get()
    client = as_(verifier)
    assert "She now asks on each round." in text(client, f"/verify/{practice.uuid}/")
    client.post(f"/verify/{practice.uuid}/", {"decision": "not_yet", "reason": "Say who leads it now."})
    assert "Say who leads it now." in text(as_learner)
    as_learner.post(PAGE, {"go": "one", "to": verifier.pk})
    client.post(f"/verify/{practice.uuid}/", {"decision": "confirm"})
    assert step(attempt) == Step.State.DONE
    assert "<strong>Confirmed</strong> by Vera Verifier" in text(as_learner)


def test_it_needs_an_entry_first(as_learner: Client, attempt: Attempt, verifier: User, second: User) -> None:
    for sent in (
        {"go": "one", "to": verifier.pk},
        {"go": "panel", "first": verifier.pk, "second": second.pk},
    ):
        answer = as_learner.post(PAGE, sent)
        assert (answer.status_code, "Add an entry first." in answer.content.decode()) == (422, True)
    assert step(attempt) == Step.State.STARTED


def test_an_award_that_was_a_mistake_is_told_and_can_be_put_forward_again(
    as_learner: Client, with_panel: Portfolio, verifier: User, second: User, attempt: Attempt
) -> None:
    for member in (verifier, second):
        as_(member).post(panel(with_panel), {"decision": "confirm"})
    award = with_panel.acts.get(state="conferred")
    void_statement(statement_id=award.statement_id, by=verifier, reason="The wrong person.")
    assert "The reason given: The wrong person." in text(as_learner)
    assert step(attempt) == Step.State.STARTED
    assert "Send to the panel" in text(as_learner)


def test_board_members_keep_a_leadership_record(as_learner: Client, curriculum: None) -> None:
    assert "Portfolio for level 4" in text(as_learner)
    Tier.objects.filter(key="frontline").update(key="board")
    page = text(as_learner)
    assert "Leadership record for level 4" in page
    assert "Whom did you lead, sponsor or back?" in text(as_learner, f"{PAGE}new/")


def test_my_capabilities_shows_it_where_level_four_is_near(
    as_learner: Client, curriculum: None, learner: User, ward: Team
) -> None:
    adopt(ward.organisation, START)
    assert "Toward level 4" not in text(as_learner, "/my-capabilities/SS-1/")
    gathered(learner)
    page = text(as_learner, "/my-capabilities/SS-1/")
    assert "Toward level 4" in page
    assert PAGE in page
    assert "1 entry" in page


@pytest.mark.parametrize("entries", [1, 3])
def test_the_page_takes_as_many_queries_for_one_entry_as_for_three(
    as_learner: Client, attempt: Attempt, verifier: User, entries: int
) -> None:
    for number in range(entries):
        gathered(attempt.user, whom=f"Nurse {number}")
    with CaptureQueriesContext(connection) as queries:
        page = text(as_learner)
    assert page.count("She now asks") == entries
    assert len(queries) == 28


@pytest.mark.parametrize("portfolios", [1, 3])
def test_the_list_takes_as_many_queries_for_one_panel_as_for_three(
    curriculum: None, person: Callable[..., User], verifier: User, second: User, portfolios: int
) -> None:
    for number in range(portfolios):
        owner = person(f"Owner{number} One")
        attempt = start_attempt(user=owner, module_key=key_of("TS-1"))
        gathered(owner)
        put_portfolio_to_panel(attempt=attempt, activity_key=KEY, members=(verifier, second))
    client = as_(second)
    with CaptureQueriesContext(connection) as queries:
        page = text(client, "/verify/")
    assert page.count("/verify/panel/") == portfolios
    assert len(queries) == 12
