"""Planning the yearly practice conversation: what it covers, then with whom and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.actions import decline
from competencies.models import Practice, PracticeConversation
from competencies.queries import latest_act
from curriculum.actions import prepare_conversation, save_draft, submit_practice
from curriculum.conversation import pieces_of
from curriculum.keys import key_of
from curriculum.models import Attempt
from workforce.models import Grant, User

LOG = key_of("TS-1.a4")
PREPARE = "/my-practice-conversation/prepare/"


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def written(attempt: Attempt) -> str:
    """The learner has written a log; gives what the page calls it."""
    save_draft(attempt=attempt, activity_key=LOG, answers={"SS-1": "I saw it"})
    return f"{attempt.registration}.{LOG}"


def test_a_draft_is_put_forward_by_planning(
    written: str, attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    assert "Not sent yet." in text(as_learner.get(PREPARE))
    address = f"{PREPARE}?pieces={written}&next=1"
    page = text(as_learner.get(address))
    assert "I saw it" in page
    assert "Vera Verifier" in page
    day = timezone.localdate() + timedelta(days=7)
    said = text(as_learner.post(address, {"confirmer": verifier.pk, "day": day.isoformat()}, follow=True))
    assert "Vera Verifier" in said
    assert "Call it off" in said
    conversation = PracticeConversation.objects.get()
    assert (conversation.day, conversation.items.get().practice) == (day, Practice.objects.get())
    assert "Vera Verifier" in text(as_learner.get("/my-practice-conversation/"))


def test_something_must_be_chosen(written: str, as_learner: Client) -> None:
    answer = as_learner.get(f"{PREPARE}?next=1")
    assert (answer.status_code, "Choose at least one piece of practice" in text(answer)) == (422, True)
    changed = as_learner.get(f"{PREPARE}?next=1&pieces=gone")
    assert (changed.status_code, "can no longer be chosen" in text(changed)) == (422, True)


def test_what_is_with_somebody_else_is_taken_back_and_put_to_the_confirmer(
    attempt: Attempt, learner: User, verifier: User, person: Any
) -> None:
    other = person("Otis Other")
    grant = Grant.objects.get(user=verifier)
    Grant.objects.create(
        user=other, role=grant.role, organisation=grant.organisation, during=grant.during, reason="A test"
    )
    practice = submit_practice(attempt=attempt, activity_key=LOG, verifier=other, answers={"SS-1": "I saw"})
    assert pieces_of(learner)[0].verifier == "Otis Other"
    prepare_conversation(
        person=learner, confirmer=verifier, on=timezone.localdate(), pieces=pieces_of(learner)
    )
    assert list(practice.acts.values_list("act", flat=True)) == ["request", "withdraw", "request"]
    assert latest_act(practice).verifier == verifier


def test_practice_answered_not_yet_can_be_taken_there(
    attempt: Attempt, learner: User, verifier: User
) -> None:
    practice = submit_practice(
        attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "I saw"}
    )
    decline(practice=practice, by=verifier, reason="Say more")
    prepare_conversation(
        person=learner, confirmer=verifier, on=timezone.localdate(), pieces=pieces_of(learner)
    )
    assert latest_act(practice).act == "request"


def test_with_nobody_who_may_confirm_it_the_page_says_what_to_do(written: str, as_learner: Client) -> None:
    page = text(as_learner.get(f"{PREPARE}?pieces={written}&next=1"))
    assert "Nobody where you work can confirm all of this." in page


def test_people_on_the_front_line_find_it_where_they_look(attempt: Attempt, as_learner: Client) -> None:
    assert "Your yearly practice conversation" in text(as_learner.get("/my-learning/"))


def test_what_can_be_covered_takes_few_queries(written: str, learner: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(pieces_of(learner)) == 1
    assert len(queries) == 3


def test_somebody_whom_it_is_about_is_neither_offered_nor_forgotten(
    attempt: Attempt, as_learner: Client, verifier: User, person: Any
) -> None:
    challenged = person("Cora Challenged")
    grant = Grant.objects.get(user=verifier)
    Grant.objects.create(
        user=challenged,
        role=grant.role,
        organisation=grant.organisation,
        during=grant.during,
        reason="A test",
    )
    save_draft(attempt=attempt, activity_key=LOG, answers={"SS-1": "I saw it"}, about=challenged)
    address = f"{PREPARE}?pieces={attempt.registration}.{LOG}&next=1"
    page = text(as_learner.get(address))
    assert ("Vera Verifier" in page, "Cora Challenged" in page) == (True, False)
    day = timezone.localdate().isoformat()
    assert as_learner.post(address, {"confirmer": challenged.pk, "day": day}).status_code == 422
    as_learner.post(address, {"confirmer": verifier.pk, "day": day})
    practice = Practice.objects.get()
    assert practice.about == challenged
    decline(practice=practice, by=verifier, reason="What changed?")
    assert "Cora Challenged" not in text(as_learner.get(address))
