"""My history: everything that happened to one's capabilities, in order; for its person alone."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from competencies.actions import RuleSpec, assess_oneself, decline, set_evidence_rules
from competencies.history.appending import append_acts
from competencies.history.queries import Happening
from competencies.models import Practice
from competencies.plans.actions import Draft, ItemSpec, make_plan, remove_from_plan
from competencies.portfolio.actions import agree, say_not_yet
from curriculum.actions import (
    Learned,
    ask_for_prior_learning,
    decline_prior_learning,
    put_portfolio_to_panel,
    submit_practice,
)
from curriculum.history import history_csv, whole_history_of
from curriculum.keys import key_of
from curriculum.models import Attempt
from learning import verbs
from learning.actions import actor_for, store_statements, void_statement
from learning.iris import activity_iri
from workforce.models import Grant, Organisation, Team, User
from workforce.models.ranges import during

from .conftest import START
from .gathering import gathered

PAGE, FILE = "/my-history/", "/my-history/my-history.csv"


@pytest.fixture
def lead(person: Callable[..., User], ward: Team) -> User:
    lead = person("Cato Keeper")
    Grant.objects.create(
        user=lead, role=Grant.Role.CAPABILITY_LEAD, organisation=ward.organisation, during=during(START)
    )
    return lead


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


def told(person: User) -> list[tuple[str, str, str, str]]:
    return [(one.who, one.what, one.about, one.why) for one in whole_history_of(person)]


def text(client: Client, path: str = PAGE) -> str:
    return " ".join(client.get(path).content.decode().split())


def much_happened(learner: User, verifier: User, lead: User, attempt: Attempt) -> None:
    """Something of each kind, each once."""
    practice = submit_practice(
        attempt=attempt, activity_key=key_of("TS-1.a4"), verifier=verifier, answers={"SS-1": "I saw it"}
    )
    decline(practice=Practice.objects.get(pk=practice.pk), by=verifier, reason="Say what changed.")
    assess_oneself(user=learner, capability_code="SS-1", level=2, confidence=1, comment="A secret doubt.")
    draft = Draft(
        organisation=Organisation.objects.get(),
        title="Before winter",
        why="Wards get full",
        audience="people",
        items=[ItemSpec(capability_code="SS-1", level=2, name="Systems thinking")],
        due_on=timezone.localdate() + timedelta(days=30),
        people=[learner],
    )
    plan = make_plan(draft=draft, by=lead)
    remove_from_plan(plan=plan, user=learner, reason="On leave.", by=lead)
    claim = ask_for_prior_learning(
        person=learner,
        module_key=key_of("TS-1"),
        organisation=Organisation.objects.get(),
        learned=Learned("Two days", "A course", date(2024, 5, 3), "Equivalent AU"),
        document=ContentFile(b"%PDF-1.7\n", name="certificate.pdf"),
    )
    decline_prior_learning(claim=claim, by=lead, missing="The pages are blank.")


def test_history_tells_who_did_what_and_why_newest_first(
    learner: User, verifier: User, lead: User, attempt: Attempt
) -> None:
    much_happened(learner, verifier, lead, attempt)
    due = date_format(timezone.localdate() + timedelta(days=30), "j F Y")
    assert told(learner) == [
        ("Cato Keeper", "Learning from elsewhere answered: not yet", "Module TS-1", "The pages are blank."),
        ("You", "Asked for learning from elsewhere to count", "Module TS-1", ""),
        ("Cato Keeper", "Taken off a learning plan", "Before winter", "On leave."),
        ("The system", "Put on a learning plan", "Before winter", f"Due on {due}."),
        ("You", "Your own view", "SS-1, level 2", ""),
        (verifier.name, "Practice answered: not yet", "About TS-1.a4", "Say what changed."),
        ("You", "Practice put forward", "About TS-1.a4", ""),
    ]


def test_a_level_that_was_reached_and_taken_back_is_in_the_history(
    learner: User, verifier: User, attempt: Attempt
) -> None:
    award = a_check_passed(learner)
    append_acts()
    void_statement(statement_id=award, by=verifier, reason="The wrong person.")
    append_acts()

    (back_by, back, _, why), (by, reached, about, since) = told(learner)
    assert (back_by, back, why) == (
        verifier.name,
        "Level taken off the record",
        "What it rests on was taken off the record.",
    )
    assert (by, reached, about) == ("The system", "Level reached", "SS-1, level 2")
    day = date_format(timezone.localdate() - timedelta(days=2), "j F Y")
    assert since.startswith(f"You passed the check of “Systems”. It counts from {day}")


def a_check_passed(user: User) -> UUID:
    iri = activity_iri(UUID(int=1))
    set_evidence_rules(activity_iri=iri, rules=[RuleSpec(verbs.PASSED, "SS-1", 2)])
    about = {"id": iri, "definition": {"name": {"en-GB": "Systems"}}}
    passed = {"actor": actor_for(user), "verb": verbs.verb(verbs.PASSED), "object": about}
    return store_statements(statements=[passed], at=timezone.now() - timedelta(days=2))[0]


def test_what_one_member_of_a_panel_said_waits_until_both_have_answered(
    learner: User, attempt: Attempt, verifier: User, second: User
) -> None:
    portfolio = gathered(learner).portfolio
    put_portfolio_to_panel(attempt=attempt, activity_key=key_of("TS-1.a5"), members=(verifier, second))
    say_not_yet(portfolio=portfolio, by=verifier, reason="Tell more of the change.")
    assert told(learner)[0] == (verifier.name, "Answered in the panel", portfolio.title, "")

    agree(portfolio=portfolio, by=second)

    assert told(learner)[:2] == [
        (second.name, "Said yes in the panel", portfolio.title, ""),
        (verifier.name, "Said not yet in the panel", portfolio.title, "Tell more of the change."),
    ]


def test_only_its_person_sees_it_and_no_private_word_is_in_it(
    client: Client,
    as_learner: Client,
    learner: User,
    verifier: User,
    lead: User,
    attempt: Attempt,
    outsider: User,
) -> None:
    much_happened(learner, verifier, lead, attempt)
    for path in (PAGE, FILE):
        mine = text(as_learner, path)
        assert "Practice put forward" in mine
        assert not [word for word in ("I saw it", "A secret doubt", "Two days") if word in mine]
    for other in (verifier, lead, outsider):
        client.force_login(other)
        for path in (PAGE, FILE):
            assert "Practice put forward" not in text(client, path)


def test_nothing_yet_says_where_to_start(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    assert "Nothing has happened yet." in text(client)


def test_history_takes_as_many_queries_for_100_lines_as_for_1(
    learner: User, curriculum: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for lines in (1, 100):
        while len(whole_history_of(learner)) < lines:
            assess_oneself(user=learner, capability_code="SS-1", level=1, confidence=1)
        with django_assert_num_queries(3):
            assert len(whole_history_of(learner)) == lines


def test_the_page_shows_25_lines_and_the_file_all_of_them(
    as_learner: Client, learner: User, curriculum: None
) -> None:
    for _ in range(30):
        assess_oneself(user=learner, capability_code="SS-1", level=1, confidence=1)
    assert text(as_learner).count("Your own view") == 25
    assert text(as_learner, f"{PAGE}?page=2").count("Your own view") == 5
    answer = as_learner.get(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="my-history.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["when", "who", "what", "about", "why"]
    assert len(rows) == 31


def test_a_spreadsheet_runs_nothing_of_it() -> None:
    at = datetime(2026, 6, 1, 11, tzinfo=UTC)
    file = history_csv([Happening(at, "You", "Practice put forward", "=1+1", "-2")])
    assert file.splitlines()[1] == "2026-06-01 12:00+01:00,You,Practice put forward,'=1+1,'-2"
