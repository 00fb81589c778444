"""The learner's pages: every part can be done by plain forms, comes back where it was left, and is one's own."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from competencies.actions import ask_question, decline, verify
from competencies.queries import practice_of
from curriculum.actions import start_attempt
from curriculum.actions.practice import LONGEST_ANSWER
from curriculum.forms import ChooseForm
from curriculum.keys import key_of
from curriculum.models import Attempt, ModulePage, Step, Try
from curriculum.outline import Question
from learning.iris import activity_iri
from learning.models import Statement
from workforce.models import Grant, User
from workforce.models.ranges import during

from .test_attempts import LOG, QUIZ, READING, SCENARIO, check, learn


def url(attempt: Attempt, activity: str, name: str = "step", *more: int) -> str:
    module = attempt.version.module.source_key
    return reverse(f"curriculum:{name}", args=[attempt.registration, key_of(f"{module}.{activity}"), *more])


def text(response: object) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]


def to(response: object) -> str:
    """Where a page sends the browser on."""
    return response.headers["Location"]  # type: ignore[attr-defined]


@pytest.fixture
def as_patient(patients_attempt: Attempt) -> Client:
    client = Client()
    client.force_login(patients_attempt.user)
    return client


def answer_all(client: Client, attempt: Attempt, *, right: bool) -> str:
    """Answer every question through its page; returns where the last answer leads."""
    quiz_try = Try.objects.get(closed_at=None)
    questions = attempt.version.module.activity_by_key[quiz_try.step.activity_key].question_by_key
    where = ""
    for number, key in enumerate(quiz_try.drawn, start=1):
        choice = questions[key].right if right else (questions[key].right + 1) % 3
        where = to(client.post(url(attempt, "a3", "question", number), {"choice": choice}))
    return where


def test_module_page_says_what_it_is_and_starts(curriculum: None, as_learner: Client, learner: User) -> None:
    page = ModulePage.objects.get(source_key="TS-1")
    said = text(as_learner.get(page.url))
    for words in (
        "Module TS-1",
        "25 minutes",
        "Say one thing",
        "level 4",
        "In force on 1 January 2026",
        "Start now",
    ):
        assert words in said
    response = as_learner.post(reverse("curriculum:start", args=[page.key]))
    assert to(response) == Attempt.objects.get(user=learner).get_absolute_url()
    assert "Continue" in text(as_learner.get(page.url))


def test_module_page_in_preparation_cannot_be_started(curriculum: None, as_learner: Client) -> None:
    page = ModulePage.objects.get(source_key="TS-2")
    assert "you cannot start it yet" in text(as_learner.get(page.url))
    response = as_learner.post(reverse("curriculum:start", args=[page.key]), follow=True)
    assert "still being written" in text(response)
    assert not Attempt.objects.exists()


def test_module_page_asks_a_visitor_to_sign_in(curriculum: None, client: Client) -> None:
    assert "Sign in to start" in text(client.get(ModulePage.objects.get(source_key="TS-1").url))


@pytest.mark.parametrize("path", ["/", "/about/", "/frontline/", "/frontline/ts-1-module-ts-1/ts-1a1/"])
def test_public_pages_are_open(curriculum: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_questions_are_not_on_a_public_page(curriculum: None, client: Client) -> None:
    assert "What about" not in text(client.get("/frontline/ts-1-module-ts-1/ts-1a3/"))


def test_attempt_shows_the_state_of_each_part(attempt: Attempt, as_learner: Client) -> None:
    learn(attempt)
    said = text(as_learner.get(attempt.get_absolute_url()))
    assert said.count("Done") == 2
    assert said.count("Not started") == 3
    assert "About 15 minutes are left" in said


def test_reading_is_shown_and_finished(attempt: Attempt, as_learner: Client) -> None:
    page = as_learner.get(url(attempt, "a1"))
    assert "<strong>bold</strong>" in page.content.decode()
    assert "The report said (2013)" in text(page)
    assert to(as_learner.post(url(attempt, "a1"))) == attempt.get_absolute_url()
    assert attempt.steps.get(activity_key=READING).state == Step.State.DONE


def test_scenario_goes_scene_by_scene_with_feedback(attempt: Attempt, as_learner: Client) -> None:
    here = url(attempt, "a2")
    assert "It is late." in text(as_learner.get(here))
    after = as_learner.post(here, {"scene": "start", "choice": "0"})
    assert "Asking helps." in text(as_learner.get(to(after)))
    assert "They answer." in text(as_learner.get(here))
    as_learner.post(here, {"scene": "middle", "choice": "0"})
    assert "You have come to an ending. This part is done." in text(as_learner.get(here))


def test_scenario_without_a_choice_says_what_to_do(attempt: Attempt, as_learner: Client) -> None:
    page = as_learner.post(url(attempt, "a2"), {"scene": "start"})
    assert "There is a problem" in text(page)
    assert "Choose one of the answers" in text(page)
    assert "<title>Error: " in page.content.decode()


def test_scenario_goes_back_to_a_scene_but_never_ahead(attempt: Attempt, as_learner: Client) -> None:
    here = url(attempt, "a2")
    as_learner.post(here, {"scene": "start", "choice": "0"})
    assert "It is late." in text(as_learner.get(here + "?scene=start"))
    assert "They answer." in text(as_learner.get(here + "?scene=end"))


def test_check_is_answered_looked_over_and_sent(attempt: Attempt, as_learner: Client) -> None:
    first = to(as_learner.post(url(attempt, "a3")))
    assert first == url(attempt, "a3", "question", 1)
    assert "Question 1 of 4" in text(as_learner.get(first))
    answers = answer_all(as_learner, attempt, right=True)
    assert answers == url(attempt, "a3", "answers")
    assert "Send my answers" in text(as_learner.get(answers))
    as_learner.post(answers)
    said = text(as_learner.get(url(attempt, "a3")))
    assert "You have passed. 4 of 4 answers were right." in said
    assert "feedback" in said


def test_check_comes_back_to_the_question_that_is_open(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a3"))
    as_learner.post(url(attempt, "a3", "question", 1), {"choice": "0"})
    page = as_learner.get(url(attempt, "a3"))
    assert "You have answered 1 of 4 questions. Your answers are kept." in text(page)
    assert url(attempt, "a3", "question", 2) in page.content.decode()


def test_check_shows_the_answer_that_was_saved(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a3"))
    as_learner.post(url(attempt, "a3", "question", 1), {"choice": "2"})
    page = as_learner.get(url(attempt, "a3", "question", 1)).content.decode()
    assert re.search(r'<input[^>]*value="2"[^>]*checked', page)


def test_question_in_quotation_marks_is_asked_as_it_was_written() -> None:
    stem = "<p>What is &quot;A &amp; B&quot; &lt; 3?</p><p>Think.</p>"
    asked = Question(key="q", outcome="o", stem=stem, options=[])
    assert ChooseForm.of_question(asked).fields["choice"].label == 'What is "A & B" < 3? Think.'


def test_question_without_an_answer_says_what_to_do(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a3"))
    assert "Choose one of the answers" in text(as_learner.post(url(attempt, "a3", "question", 1)))


@pytest.mark.parametrize("number", [0, 5])
def test_question_that_was_not_drawn_is_not_there(attempt: Attempt, as_learner: Client, number: int) -> None:
    as_learner.post(url(attempt, "a3"))
    assert as_learner.get(url(attempt, "a3", "question", number)).status_code == 404


def test_check_half_answered_is_not_sent(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a3"))
    response = as_learner.post(url(attempt, "a3", "answers"), follow=True)
    assert "Answer every question first. 4 are left." in text(response)


def test_failed_check_says_how_many_tries_are_left_and_then_reviews(
    attempt: Attempt, as_learner: Client
) -> None:
    for left in ("2 tries", "1 try"):
        check(attempt, wrong=4)
        assert f"You have {left} left" in text(as_learner.get(url(attempt, "a3")))
    check(attempt, wrong=4)
    assert "Go through the questions" in text(as_learner.get(url(attempt, "a3")))
    review, seen = url(attempt, "a3", "review"), 0
    while "Going through the questions" in text(as_learner.get(review, follow=True)):
        seen += 1
        as_learner.post(review)
    assert seen == 8
    assert to(as_learner.post(url(attempt, "a3"))) == url(attempt, "a3", "question", 1)


def test_patients_talk_their_answers_through(patients_attempt: Attempt, as_patient: Client) -> None:
    assert "There is no test here." in text(as_patient.get(url(patients_attempt, "a3")))
    as_patient.post(url(patients_attempt, "a3"))
    answers = answer_all(as_patient, patients_attempt, right=False)
    assert "Send my answers" not in text(as_patient.get(answers))
    talk = url(patients_attempt, "a3", "talk")
    assert "What we would say" in text(as_patient.get(talk))
    assert "Tick the box when you have talked" in text(as_patient.post(talk, {}))
    as_patient.post(talk, {"talked": "on", "with_whom": "Sam"})
    said = text(as_patient.get(url(patients_attempt, "a3")))
    assert "Your answers are deleted and no score was kept." in said
    assert Try.objects.get().answers == {}


def test_staff_have_no_page_to_talk_through(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a3"))
    assert as_learner.get(url(attempt, "a3", "talk")).status_code == 404


def test_practice_is_saved_sent_and_confirmed(attempt: Attempt, as_learner: Client, verifier: User) -> None:
    here = url(attempt, "a4")
    assert "Vera Verifier" in text(as_learner.get(here))
    as_learner.post(here, {"SS-1": "Half a thought", "go": "save"})
    assert "Half a thought" in text(as_learner.get(here))
    as_learner.post(here, {"SS-1": "A whole thought", "verifier": verifier.pk, "go": "send"})
    assert "Waiting to be confirmed. You asked Vera Verifier" in text(as_learner.get(here))
    practice = practice_of(attempt.user, attempt.registration, activity_iri(LOG))
    assert practice is not None
    verify(practice=practice, by=verifier)
    assert "Confirmed by Vera Verifier" in text(as_learner.get(here))


def test_practice_says_what_is_missing_and_keeps_the_words(
    attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    page = text(as_learner.post(url(attempt, "a4"), {"SS-1": "My words", "go": "send"}))
    assert "Choose who you ask to confirm this" in page
    assert attempt.steps.get(activity_key=LOG).draft["answers"] == {"SS-1": "My words"}
    page = text(as_learner.post(url(attempt, "a4"), {"SS-1": "", "verifier": verifier.pk, "go": "send"}))
    assert "Write an answer to: What did you see?" in page
    page = text(as_learner.post(url(attempt, "a4"), {"SS-1": "x" * (LONGEST_ANSWER + 1), "go": "send"}))
    assert "Shorten this answer to 10000 characters or fewer. It has 10001" in page


def test_practice_answered_not_yet_says_what_would_make_it_a_yes(
    attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    here = url(attempt, "a4")
    as_learner.post(here, {"SS-1": "Too short", "verifier": verifier.pk, "go": "send"})
    practice = practice_of(attempt.user, attempt.registration, activity_iri(LOG))
    assert practice is not None
    decline(practice=practice, by=verifier, reason="Say what changed")
    said = text(as_learner.get(here))
    assert "Say what changed" in said
    assert "Too short" in said


def test_practice_is_taken_back(attempt: Attempt, as_learner: Client, verifier: User) -> None:
    here = url(attempt, "a4")
    as_learner.post(here, {"SS-1": "My words", "verifier": verifier.pk, "go": "send"})
    as_learner.post(url(attempt, "a4", "take-back"))
    assert "My words" in text(as_learner.get(here))
    assert attempt.steps.get(activity_key=LOG).state == Step.State.STARTED


def test_a_question_is_answered(attempt: Attempt, as_learner: Client, verifier: User) -> None:
    here = url(attempt, "a4")
    as_learner.post(here, {"SS-1": "My words", "verifier": verifier.pk, "go": "send"})
    practice = practice_of(attempt.user, attempt.registration, activity_iri(LOG))
    assert practice is not None
    assert "Your answer" not in text(as_learner.get(here))
    ask_question(practice=practice, by=verifier, question="Who was there?")
    assert "Vera Verifier asked: Who was there?" in text(as_learner.get("/my-learning/"))
    assert "Who was there?" in text(as_learner.get(here))
    assert "Write your answer" in text(as_learner.post(here, {"go": "answer", "words": ""}))
    said = text(as_learner.post(here, {"go": "answer", "words": "The night staff"}, follow=True))
    assert "Your answer is with Vera Verifier." in said
    assert "The night staff" in said
    assert practice.acts.filter(act="answer", reason="The night staff").count() == 1


def test_practice_is_moved_from_somebody_who_left(
    attempt: Attempt, as_learner: Client, verifier: User, colleague: User
) -> None:
    here = url(attempt, "a4")
    as_learner.post(here, {"SS-1": "My words", "verifier": verifier.pk, "go": "send"})
    assert "Ask somebody else" not in text(as_learner.get(here))
    as_learner.post(here, {"go": "move", "to": colleague.pk})
    Grant.objects.filter(user=verifier).delete()
    assert "Nobody else where you work can confirm this yet." in text(as_learner.get(here))
    Grant.objects.create(
        user=colleague,
        role=Grant.Role.FOUNDING_VERIFIER,
        organisation=attempt.user.memberships.get().organisation,
        during=during(date(2020, 1, 1)),
        reason="Appointed by the board",
    )
    assert "Choose a person" in text(as_learner.post(here, {"go": "move", "to": verifier.pk}))
    said = text(as_learner.post(here, {"go": "move", "to": colleague.pk}, follow=True))
    assert "Moved to Colm Colleague." in said
    assert "You asked Colm Colleague" in said
    assert attempt.steps.get(activity_key=LOG).state == Step.State.SENT
    as_learner.post(url(attempt, "a4", "take-back"))
    assert "My words" in text(as_learner.get(here))


def test_words_are_deleted_and_the_confirmation_stays(
    attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    here = url(attempt, "a4")
    as_learner.post(here, {"SS-1": "My words", "verifier": verifier.pk, "go": "send"})
    assert "Take this back first" in text(as_learner.post(url(attempt, "a4", "erase"), follow=True))
    practice = practice_of(attempt.user, attempt.registration, activity_iri(LOG))
    assert practice is not None
    verify(practice=practice, by=verifier)
    said = text(as_learner.post(url(attempt, "a4", "erase"), follow=True))
    assert "My words" not in said
    assert "Confirmed by Vera Verifier" in said


def test_draft_is_deleted(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a4"), {"SS-1": "My words", "go": "save"})
    assert "My words" not in text(as_learner.post(url(attempt, "a4", "erase"), follow=True))


def test_draft_is_saved_while_writing(attempt: Attempt, as_learner: Client) -> None:
    assert as_learner.post(url(attempt, "a4", "draft"), {"SS-1": "So far"}).status_code == 204
    assert attempt.steps.get(activity_key=LOG).draft["answers"] == {"SS-1": "So far"}


def test_nobody_to_confirm_is_said_kindly(attempt: Attempt, as_learner: Client) -> None:
    assert "Nobody where you work can confirm this yet." in text(as_learner.get(url(attempt, "a4")))


PAGES = [
    ("a1", "step", ()),
    ("a2", "step", ()),
    ("a3", "step", ()),
    ("a3", "question", (1,)),
    ("a3", "answers", ()),
    ("a3", "talk", ()),
    ("a3", "review", ()),
    ("a4", "step", ()),
    ("a4", "draft", ()),
    ("a4", "take-back", ()),
    ("a4", "erase", ()),
]


def test_two_tabs_end_in_a_sentence_not_an_error(
    attempt: Attempt, as_learner: Client, verifier: User
) -> None:
    as_learner.post(url(attempt, "a4"), {"SS-1": "My words", "verifier": verifier.pk, "go": "send"})
    as_learner.post(url(attempt, "a4", "take-back"))
    response = as_learner.post(url(attempt, "a4", "take-back"), follow=True)
    assert "There is nothing to take back." in text(response)
    assert "This part is not confirmed" in text(as_learner.post(url(attempt, "a1", "take-back"), follow=True))


@pytest.mark.parametrize(("activity", "name", "more"), PAGES)
def test_another_persons_attempt_does_not_exist(
    attempt: Attempt, outsider: User, client: Client, activity: str, name: str, more: tuple[int, ...]
) -> None:
    client.force_login(outsider)
    where = url(attempt, activity, name, *more)
    assert client.get(where).status_code == 404
    assert client.post(where, {"choice": "0"}).status_code == 404
    assert client.get(attempt.get_absolute_url()).status_code == 404


def test_part_that_the_module_does_not_have_is_not_there(attempt: Attempt, as_learner: Client) -> None:
    where = reverse("curriculum:step", args=[attempt.registration, key_of("TP-1.a1")])
    assert as_learner.get(where).status_code == 404


def sign_in(client: Client, where: str, user: User) -> str:
    """Sign in through the form that `where` leads to; returns the address it comes back to."""
    response = client.post(where, {"username": user.email, "password": "four-words-in-a-row"})
    assert client.session[SESSION_KEY] == str(user.pk)
    return to(response)


def test_answer_sent_after_the_session_ended_is_kept(attempt: Attempt, as_learner: Client) -> None:
    as_learner.post(url(attempt, "a3"))
    where = url(attempt, "a3", "question", 1)
    as_learner.logout()
    response = as_learner.post(where, {"choice": "1"})
    assert reverse("sign-in") in to(response)
    back = sign_in(as_learner, to(response), attempt.user)
    assert back == where
    page = as_learner.get(back, follow=True)
    assert Try.objects.get().answers == {Try.objects.get().drawn[0]: 1}
    assert "What you had just sent was kept." in text(page)
    assert "Question 2 of 4" in text(page)


def test_words_sent_after_the_session_ended_are_kept(attempt: Attempt, as_learner: Client) -> None:
    as_learner.logout()
    response = as_learner.post(url(attempt, "a4"), {"SS-1": "Long words", "go": "save"})
    as_learner.get(sign_in(as_learner, to(response), attempt.user))
    assert attempt.steps.get(activity_key=LOG).draft["answers"] == {"SS-1": "Long words"}


def test_kept_answer_is_thrown_away_when_somebody_else_signs_in(
    attempt: Attempt, as_learner: Client, person: Callable[..., User]
) -> None:
    other = person("Olga Other")
    as_learner.logout()
    response = as_learner.post(url(attempt, "a4"), {"SS-1": "Long words", "go": "save"})
    assert as_learner.get(sign_in(as_learner, to(response), other)).status_code == 404
    assert not attempt.steps.exists()
    assert "kept_answer" not in as_learner.session


def test_signed_out_visitor_is_sent_to_sign_in(attempt: Attempt, client: Client) -> None:
    assert (
        to(client.get(attempt.get_absolute_url()))
        == f"{reverse('sign-in')}?next={attempt.get_absolute_url().replace('/', '%2F')}"
    )


def test_signed_out_visitor_cannot_fill_the_session(client: Client, attempt: Attempt) -> None:
    client.post(url(attempt, "a4"), {"SS-1": "x" * 400_000})
    assert "kept_answer" not in client.session


def test_attempt_page_takes_the_same_queries_with_one_step_and_three(
    attempt: Attempt, as_learner: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    as_learner.post(url(attempt, "a1"))
    as_learner.get(attempt.get_absolute_url())
    with django_assert_num_queries(ATTEMPT_PAGE):
        as_learner.get(attempt.get_absolute_url())
    learn(attempt)
    check(attempt)
    with django_assert_num_queries(ATTEMPT_PAGE):
        as_learner.get(attempt.get_absolute_url())


ATTEMPT_PAGE = 8


def test_records_nothing_for_looking(attempt: Attempt, as_learner: Client) -> None:
    for activity in ("a1", "a2", "a3", "a4"):
        as_learner.get(url(attempt, activity))
    assert not Statement.objects.exists()
    assert not attempt.steps.exists()


def test_two_people_have_attempts_of_their_own(
    curriculum: None, learner: User, person: Callable[..., User]
) -> None:
    both = [start_attempt(user=user, module_key=key_of("TS-1")) for user in (learner, person("Olga Other"))]
    assert len({attempt.registration for attempt in both}) == 2
    assert {QUIZ, SCENARIO} <= set(both[0].version.module.activity_by_key)
