"""What a person does in a module: each step is on the record once, and nothing private is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from competencies.actions import decline, verify
from competencies.models import Evidence
from competencies.queries import practice_of
from curriculum.actions import (
    accept_prior_learning,
    answer_question,
    answer_questions,
    choose,
    finish_module_gates,
    finish_reading,
    finish_review,
    open_try,
    save_draft,
    start_attempt,
    submit_practice,
    submit_try,
    take_back_practice,
    talk_through,
    walk_review,
)
from curriculum.keys import key_of
from curriculum.models import Attempt, ModulePage, ModuleVersion, Step, Try
from curriculum.statements import gathered
from learning import verbs
from learning.actions import void_statement
from learning.iris import activity_iri
from learning.models import Statement
from workforce.models import User

READING, SCENARIO, QUIZ, LOG, PORTFOLIO = (key_of(f"TS-1.a{n}") for n in range(1, 6))
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(about: str) -> list[str]:
    """The verbs on the record about an activity, oldest first."""
    iri = activity_iri(key_of(about))
    return list(
        Statement.objects.filter(activity__iri=iri)
        .order_by("timestamp", "stored")
        .values_list("verb", flat=True)
    )


def learn(attempt: Attempt, at: datetime | None = None) -> None:
    module = attempt.version.module.source_key
    finish_reading(attempt=attempt, activity_key=key_of(f"{module}.a1"), at=at)
    choose(attempt=attempt, activity_key=key_of(f"{module}.a2"), scene="start", choice=1, at=at)


def answer(attempt: Attempt, wrong: int = 0, at: datetime | None = None) -> Try:
    """Answer a whole try, the first `wrong` questions wrongly."""
    key = key_of(f"{attempt.version.module.source_key}.a3")
    quiz_try = open_try(attempt=attempt, activity_key=key, at=at)
    questions = attempt.version.module.activity_by_key[key].question_by_key
    options = {name: questions[name].right for name in quiz_try.drawn}
    for name in quiz_try.drawn[:wrong]:
        options[name] = (options[name] + 1) % 3
    return answer_questions(quiz_try=quiz_try, answers=options, at=at)


def check(attempt: Attempt, wrong: int = 0, at: datetime | None = None) -> Try:
    return submit_try(quiz_try=answer(attempt, wrong, at), at=at)


def levels(user: User) -> dict[str, int]:
    held: dict[str, int] = {}
    for code, level in Evidence.objects.filter(user=user, withdrawn_at=None).values_list(
        "capability__code", "level"
    ):
        held[code] = max(level, held.get(code, 0))
    return held


def test_start_goes_on_with_the_attempt_that_is_open(attempt: Attempt) -> None:
    assert start_attempt(user=attempt.user, module_key=key_of("TS-1")) == attempt


def test_start_refuses_a_module_in_preparation(curriculum: None, learner: User) -> None:
    with pytest.raises(ValidationError, match="still being written"):
        start_attempt(user=learner, module_key=key_of("TS-2"))


def test_reading_is_on_the_record_once(attempt: Attempt) -> None:
    for _ in range(2):
        finish_reading(attempt=attempt, activity_key=READING)
    assert said("TS-1.a1") == [verbs.EXPERIENCED]


def test_reading_says_where_it_belongs(attempt: Attempt) -> None:
    finish_reading(attempt=attempt, activity_key=READING, at=AT)
    statement = Statement.objects.get(activity__iri=activity_iri(READING))
    payload = json.loads(statement.payload)
    assert payload["context"]["registration"] == str(attempt.registration)
    assert payload["context"]["contextActivities"]["parent"][0]["id"] == activity_iri(key_of("TS-1"))
    assert statement.timestamp == statement.stored == AT


def test_scenario_remembers_the_way_and_ends(attempt: Attempt) -> None:
    step = choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=0)
    assert (step.draft, step.state) == ({"path": [["start", 0]], "scene": "middle"}, Step.State.STARTED)
    step = choose(attempt=attempt, activity_key=SCENARIO, scene="middle", choice=0)
    assert (step.draft["scene"], step.state) == ("end", Step.State.DONE)


def test_scenario_goes_back_and_chooses_again(attempt: Attempt) -> None:
    choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=0)
    step = choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=1)
    assert step.draft == {"path": [["start", 1]], "scene": "end"}


def test_scenario_leaves_the_choices_off_the_record(attempt: Attempt) -> None:
    choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=1)
    assert said("TS-1.a2") == [verbs.EXPERIENCED]
    assert "Wait" not in Statement.objects.get(activity__iri=activity_iri(SCENARIO)).payload


def test_scenario_refuses_a_choice_that_is_not_there(attempt: Attempt) -> None:
    with pytest.raises(ValidationError, match="Choose one of the answers"):
        choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=7)


def test_try_draws_two_for_each_outcome(attempt: Attempt) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=QUIZ)
    questions = attempt.version.module.activity_by_key[QUIZ].question_by_key
    assert [questions[key].outcome for key in quiz_try.drawn] == ["TS-1.o1", "TS-1.o1", "TS-1.o2", "TS-1.o2"]


def test_second_try_draws_fresh_questions(attempt: Attempt) -> None:
    first, second = check(attempt, wrong=4).drawn, open_try(attempt=attempt, activity_key=QUIZ).drawn
    assert not set(first) & set(second)


def test_open_try_is_gone_on_with(attempt: Attempt) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=QUIZ)
    answer_question(quiz_try=quiz_try, question=quiz_try.drawn[0], option=1)
    again = open_try(attempt=attempt, activity_key=QUIZ)
    assert (again.pk, again.answers) == (quiz_try.pk, {quiz_try.drawn[0]: 1})


def test_check_with_every_answer_right_is_passed(attempt: Attempt) -> None:
    quiz_try = check(attempt)
    assert (quiz_try.score, quiz_try.passed) == (Decimal("1.000"), True)
    assert said("TS-1.a3") == [verbs.PASSED]


def test_check_under_four_fifths_is_failed(attempt: Attempt) -> None:
    quiz_try = check(attempt, wrong=1)
    assert (quiz_try.score, quiz_try.passed) == (Decimal("0.750"), False)
    assert said("TS-1.a3") == [verbs.FAILED]


def test_check_cannot_be_sent_half_answered(attempt: Attempt) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=QUIZ)
    answer_question(quiz_try=quiz_try, question=quiz_try.drawn[0], option=0)
    with pytest.raises(ValidationError, match=r"Answer every question first. 3 are left."):
        submit_try(quiz_try=quiz_try)


def test_sent_answers_cannot_be_changed(attempt: Attempt) -> None:
    quiz_try = check(attempt, wrong=4)
    with pytest.raises(ValidationError, match="already been sent"):
        answer_question(quiz_try=quiz_try, question=quiz_try.drawn[0], option=0)


def test_answer_refuses_a_question_that_was_not_drawn(attempt: Attempt) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=QUIZ)
    with pytest.raises(ValidationError, match="Choose one of the answers"):
        answer_question(quiz_try=quiz_try, question="TP-1.q0", option=0)


def test_three_failed_tries_lead_to_a_review_and_then_three_more(attempt: Attempt) -> None:
    for _ in range(3):
        check(attempt, wrong=2)
    with pytest.raises(ValidationError, match="Walk through the review first"):
        open_try(attempt=attempt, activity_key=QUIZ)
    with pytest.raises(ValidationError, match="every question of the review"):
        finish_review(attempt=attempt, activity_key=QUIZ)
    for _ in range(6):
        walk_review(attempt=attempt, activity_key=QUIZ)
    finish_review(attempt=attempt, activity_key=QUIZ)
    for number in (4, 5, 6):
        assert check(attempt, wrong=2).number == number
    with pytest.raises(ValidationError, match="Walk through the review first"):
        open_try(attempt=attempt, activity_key=QUIZ)


def test_review_without_need_is_refused(attempt: Attempt) -> None:
    check(attempt, wrong=2)
    with pytest.raises(ValidationError, match="nothing to review"):
        walk_review(attempt=attempt, activity_key=QUIZ)


def test_passed_check_is_not_taken_again(attempt: Attempt) -> None:
    check(attempt)
    with pytest.raises(ValidationError, match="already finished"):
        open_try(attempt=attempt, activity_key=QUIZ)


def test_gates_give_what_they_show(attempt: Attempt) -> None:
    learn(attempt)
    assert (said("TS-1"), levels(attempt.user)) == ([verbs.COMPLETED], {"SS-1": 1, "SS-2": 1})
    check(attempt)
    assert (said("TS-1"), levels(attempt.user)) == ([verbs.COMPLETED, verbs.PASSED], {"SS-1": 2, "SS-2": 1})


def test_check_passed_first_waits_for_what_is_taught(attempt: Attempt) -> None:
    check(attempt)
    assert (said("TS-1"), levels(attempt.user)) == ([], {})
    learn(attempt)
    assert sorted(said("TS-1")) == sorted([verbs.COMPLETED, verbs.PASSED])


def test_gates_are_said_once(attempt: Attempt) -> None:
    learn(attempt)
    assert finish_module_gates(attempt=attempt) == []
    assert finish_module_gates(attempt=Attempt.objects.get(pk=attempt.pk)) == []
    assert said("TS-1") == [verbs.COMPLETED]


def test_patients_finish_and_talk_through_without_a_score(patients_attempt: Attempt) -> None:
    learn(patients_attempt)
    quiz_try = answer(patients_attempt, wrong=4)
    step = talk_through(quiz_try=quiz_try, with_whom="Sam")
    kept = Try.objects.get()
    assert (kept.score, kept.passed, kept.answers, step.draft) == (None, None, {}, {"with_whom": "Sam"})
    assert (said("TP-1.a3"), said("TP-1")) == ([verbs.COMPLETED], [verbs.EXPERIENCED, verbs.COMPLETED])
    assert levels(patients_attempt.user) == {"SS-1": 2}
    payloads = "".join(Statement.objects.values_list("payload", flat=True))
    assert "score" not in payloads
    assert "Sam" not in payloads


def test_patients_are_never_marked(patients_attempt: Attempt) -> None:
    with pytest.raises(ValidationError, match="no mark"):
        submit_try(quiz_try=answer(patients_attempt))


def test_staff_cannot_talk_a_check_through_instead(attempt: Attempt) -> None:
    with pytest.raises(ValidationError, match="is marked"):
        talk_through(quiz_try=answer(attempt))


def test_practice_is_private_sent_and_confirmed(attempt: Attempt, verifier: User) -> None:
    learn(attempt)
    check(attempt)
    save_draft(attempt=attempt, activity_key=LOG, answers={"SS-1": "Half a thought"}, verifier=verifier)
    practice = submit_practice(
        attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "The whole thought"}
    )
    step = attempt.steps.get(activity_key=LOG)
    assert (step.state, step.draft) == (Step.State.SENT, {})
    verify(practice=practice, by=verifier)
    assert attempt.steps.get(activity_key=LOG).state == Step.State.DONE
    assert levels(attempt.user) == {"SS-1": 3, "SS-2": 1}
    assert "thought" not in "".join(Statement.objects.values_list("payload", flat=True))


def test_practice_confirmed_early_waits_for_the_check(attempt: Attempt, verifier: User) -> None:
    practice = submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Done"})
    verify(practice=practice, by=verifier)
    assert levels(attempt.user) == {}
    learn(attempt)
    check(attempt)
    assert levels(attempt.user) == {"SS-1": 3, "SS-2": 1}


def test_portfolio_waits_for_practice_and_finishes_the_attempt(attempt: Attempt, verifier: User) -> None:
    learn(attempt)
    check(attempt)
    for key, level in ((PORTFOLIO, 2), (LOG, 4)):
        practice = submit_practice(
            attempt=attempt, activity_key=key, verifier=verifier, answers={"SS-1": "Done"}
        )
        verify(practice=practice, by=verifier)
        assert levels(attempt.user)["SS-1"] == level
    attempt.refresh_from_db()
    assert attempt.finished_at is not None


def test_practice_answered_not_yet_can_be_sent_again(attempt: Attempt, verifier: User) -> None:
    practice = submit_practice(
        attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Short"}
    )
    decline(practice=practice, by=verifier, reason="Say what changed")
    assert attempt.steps.get(activity_key=LOG).state == Step.State.STARTED
    submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Longer"})
    assert attempt.steps.get(activity_key=LOG).state == Step.State.SENT


def test_practice_taken_back_is_a_draft_again(attempt: Attempt, verifier: User) -> None:
    submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "My words"})
    step = take_back_practice(attempt=attempt, activity_key=LOG)
    assert (step.state, step.draft) == (
        Step.State.STARTED,
        {"answers": {"SS-1": "My words"}, "verifier": verifier.pk, "about": None},
    )


def test_practice_without_words_is_not_sent(attempt: Attempt, verifier: User) -> None:
    with pytest.raises(ValidationError, match="Write an answer to: What did you see"):
        submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": " "})
    assert not attempt.steps.filter(state=Step.State.SENT).exists()


def test_practice_that_waits_is_not_changed(attempt: Attempt, verifier: User) -> None:
    submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "My words"})
    with pytest.raises(ValidationError, match="has been sent"):
        save_draft(attempt=attempt, activity_key=LOG, answers={"SS-1": "Others"})


def test_a_voided_confirmation_waits_again_and_can_be_taken_back(attempt: Attempt, verifier: User) -> None:
    practice = submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Done"})
    act = verify(practice=practice, by=verifier)
    void_statement(statement_id=act.statement_id, by=verifier, reason="A mistake")
    assert attempt.steps.get(activity_key=LOG).state == Step.State.SENT
    assert take_back_practice(attempt=attempt, activity_key=LOG).state == Step.State.STARTED
    submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Done"})
    assert attempt.steps.get(activity_key=LOG).state == Step.State.SENT


def test_a_voided_request_is_a_draft_again(attempt: Attempt, verifier: User) -> None:
    practice = submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Done"})
    void_statement(statement_id=practice.acts.get().statement_id, by=verifier, reason="A mistake")
    assert attempt.steps.get(activity_key=LOG).state == Step.State.STARTED
    submit_practice(attempt=attempt, activity_key=LOG, verifier=verifier, answers={"SS-1": "Done"})
    assert attempt.steps.get(activity_key=LOG).state == Step.State.SENT
    assert practice.acts.count() == 2


def test_prior_learning_gives_at_most_level_2(curriculum: None, learner: User, verifier: User) -> None:
    accept_prior_learning(user=learner, module_key=key_of("TS-1"), reason="Equivalent AU", by=verifier)
    assert levels(learner) == {"SS-1": 2, "SS-2": 1}


def test_prior_learning_counts_for_a_module_in_preparation(
    curriculum: None, learner: User, verifier: User
) -> None:
    accept_prior_learning(user=learner, module_key=key_of("TS-2"), reason="Tested Out", by=verifier)
    assert levels(learner) == {"SS-2": 2}


@pytest.mark.parametrize(
    ("reason", "by_self", "module"),
    [("Because", False, "TS-1"), ("Tested Out", True, "TS-1"), ("Tested Out", False, "TS-9")],
)
def test_prior_learning_is_refused(
    curriculum: None, learner: User, verifier: User, reason: str, by_self: bool, module: str
) -> None:
    with pytest.raises(ValidationError):
        accept_prior_learning(
            user=learner, module_key=key_of(module), reason=reason, by=learner if by_self else verifier
        )
    assert not Statement.objects.exists()


def test_attempt_stays_with_the_version_that_it_began(attempt: Attempt) -> None:
    module = ModulePage.objects.get(source_key="TS-1")
    module.title = "Another title"
    module.save_revision().publish()
    assert Attempt.objects.get(pk=attempt.pk).version.module.title == "Module TS-1"
    assert ModuleVersion.objects.filter(module_key=module.key).count() == 2


def test_version_cannot_be_changed(attempt: Attempt) -> None:
    with pytest.raises(IntegrityError, match="never changed"):
        ModuleVersion.objects.filter(pk=attempt.version_id).update(number=9)


def test_gathered_steps_come_out_as_if_done_one_by_one(curriculum: None, learner: User) -> None:
    registration = uuid4()
    with gathered(at=AT):
        attempt = start_attempt(user=learner, module_key=key_of("TS-1"), registration=registration, at=AT)
        learn(attempt, at=AT)
        check(attempt, at=AT)
        assert not Statement.objects.exists()
    assert levels(learner) == {"SS-1": 2, "SS-2": 1}
    stored = Statement.objects.values_list("stored", flat=True)
    assert {moment.replace(microsecond=0) for moment in stored} == {AT}
    assert set(said("TS-1")) == {verbs.COMPLETED, verbs.PASSED}


def read_and_stumble(attempt: Attempt) -> None:
    with gathered():
        finish_reading(attempt=attempt, activity_key=READING)
        choose(attempt=attempt, activity_key=SCENARIO, scene="nowhere", choice=0)


def test_gathered_steps_that_fail_leave_nothing(attempt: Attempt) -> None:
    with pytest.raises(ValidationError):
        read_and_stumble(attempt)
    assert not Statement.objects.exists()
    assert not Step.objects.exists()


def queries(doing: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        doing()
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_saving_an_answer_takes_few_queries(attempt: Attempt) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=QUIZ)
    assert queries(lambda: answer_question(quiz_try=quiz_try, question=quiz_try.drawn[0], option=0)) == 4


def test_choosing_takes_few_queries(attempt: Attempt) -> None:
    choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=0)
    assert queries(lambda: choose(attempt=attempt, activity_key=SCENARIO, scene="start", choice=0)) == 3


def test_practice_of_another_registration_is_not_found(attempt: Attempt) -> None:
    assert practice_of(attempt.user, uuid4(), activity_iri(LOG)) is None
