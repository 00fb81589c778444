"""Checks: questions are drawn, answered and marked here, never on the person's device.

Staff pass with 80%, in three tries, then walk through a review, then have three more. Patient representatives
finish the check and talk its answers through: no pass mark, no stored score, nobody barred.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning import verbs

from ..drawing import draw, is_mastered, missed, needs_review, score_of
from ..models import Attempt, Step, Try
from ..outline import Activity
from ..statements import record, score_result, step_statement
from .attempts import activity_of, complete_step, locked_step


@transaction.atomic
def open_try(*, attempt: Attempt, activity_key: UUID, at: datetime | None = None) -> Try:
    """Draw questions for a new try, or go on with the one that is open.

    Raises ValidationError when the check is done, or when its review has to be walked through first.
    """
    activity = _check(attempt, activity_key)
    step = locked_step(attempt, activity)
    tries = list(step.tries.all())
    if tries and tries[-1].closed_at is None:
        return _with(tries[-1], step, attempt)
    if step.state == Step.State.DONE:
        raise ValidationError("You have already finished this check.")
    if needs_review(len(tries), step.draft.get("reviewed", 0)):
        raise ValidationError("Walk through the review first. Then you have 3 more tries.")
    number = len(tries) + 1
    shown = [key for earlier in tries for key in earlier.drawn]
    drawn = draw(activity, attempt.module.outcomes, shown, attempt.registration, number)
    new = Try.objects.create(step=step, number=number, drawn=drawn, opened_at=at or timezone.now())
    return _with(new, step, attempt)


def answer_question(*, quiz_try: Try, question: str, option: int, at: datetime | None = None) -> Try:
    """Keep one answer; it can be changed until the try is sent."""
    return answer_questions(quiz_try=quiz_try, answers={question: option}, at=at)


@transaction.atomic
def answer_questions(*, quiz_try: Try, answers: Mapping[str, int], at: datetime | None = None) -> Try:
    """Keep answers (question key to option number, from 0)."""
    activity = _lock(quiz_try)
    for key, option in answers.items():
        if key not in quiz_try.drawn or option not in range(len(activity.question_by_key[key].options)):
            raise ValidationError("Choose one of the answers.")
    quiz_try.answers = {**quiz_try.answers, **answers}
    quiz_try.save(update_fields=["answers"])
    return quiz_try


@transaction.atomic
def submit_try(*, quiz_try: Try, at: datetime | None = None) -> Try:
    """Mark a try of staff. ValidationError while a question is open, or for patient representatives."""
    activity = _lock(quiz_try)
    attempt = quiz_try.step.attempt
    if attempt.module.for_patients:
        raise ValidationError("This check has no mark. Talk your answers through instead.")
    _all_answered(quiz_try)
    at = at or timezone.now()
    quiz_try.score = score_of(activity, quiz_try.drawn, quiz_try.answers)
    quiz_try.passed = is_mastered(activity, quiz_try.drawn, quiz_try.answers)
    quiz_try.closed_at = at
    quiz_try.save(update_fields=["score", "passed", "closed_at"])
    verb = verbs.PASSED if quiz_try.passed else verbs.FAILED
    result = score_result(float(quiz_try.score), quiz_try.passed)
    if quiz_try.passed:
        complete_step(attempt, quiz_try.step, activity, verb, at, number=quiz_try.number, result=result)
    else:
        record([step_statement(attempt, activity, verb, at, number=quiz_try.number, result=result)], at)
    return quiz_try


@transaction.atomic
def talk_through(*, quiz_try: Try, with_whom: str = "", at: datetime | None = None) -> Step:
    """A patient representative has talked the answers through. The answers are deleted; no score ever existed.

    `with_whom` is a private note; nothing depends on it.
    """
    activity = _lock(quiz_try)
    step = quiz_try.step
    if not step.attempt.module.for_patients:
        raise ValidationError("This check is marked. Send your answers instead.")
    _all_answered(quiz_try)
    at = at or timezone.now()
    quiz_try.answers, quiz_try.closed_at = {}, at
    quiz_try.save(update_fields=["answers", "closed_at"])
    step.draft = {"with_whom": with_whom} if with_whom else {}
    step.save(update_fields=["draft"])
    complete_step(step.attempt, step, activity, verbs.COMPLETED, at, result={"completion": True})
    return step


@transaction.atomic
def walk_review(*, attempt: Attempt, activity_key: UUID, at: datetime | None = None) -> Step:
    """Go on by one question of the guided review."""
    activity = _check(attempt, activity_key)
    step = locked_step(attempt, activity)
    to_walk = review_of(step, activity)
    step.draft = {**step.draft, "walked": min(step.draft.get("walked", 0) + 1, len(to_walk))}
    step.save(update_fields=["draft"])
    return step


@transaction.atomic
def finish_review(*, attempt: Attempt, activity_key: UUID, at: datetime | None = None) -> Step:
    """The review has been walked through to its end: three more tries are open."""
    activity = _check(attempt, activity_key)
    step = locked_step(attempt, activity)
    to_walk = review_of(step, activity)
    if step.draft.get("walked", 0) < len(to_walk):
        raise ValidationError("Look at every question of the review first.")
    step.draft = {"reviewed": step.tries.count()}
    step.save(update_fields=["draft"])
    return step


def review_of(step: Step, activity: Activity) -> list[str]:
    """Keys of the questions to walk through: those missed in the tries since the last review, each once."""
    tries = step.tries.filter(number__gt=step.draft.get("reviewed", 0), passed=False)
    keys = [key for one in tries for key in missed(activity, one.drawn, one.answers)]
    if not needs_review(step.tries.filter(passed=False).count(), step.draft.get("reviewed", 0)):
        raise ValidationError("There is nothing to review now.")
    return list(dict.fromkeys(keys))


def _check(attempt: Attempt, activity_key: UUID) -> Activity:
    activity = activity_of(attempt, activity_key)
    if not activity.is_check or not activity.questions:
        raise ValidationError("This part has no questions.")
    return activity


def _lock(quiz_try: Try) -> Activity:
    """Lock the attempt that a try belongs to and bring the try up to date; it must still be open."""
    step = quiz_try.step
    activity = activity_of(step.attempt, step.activity_key)
    locked_step(step.attempt, activity)
    quiz_try.refresh_from_db(fields=["answers", "closed_at"])
    if quiz_try.closed_at is not None:
        raise ValidationError("These answers have already been sent.")
    return activity


def _with(quiz_try: Try, step: Step, attempt: Attempt) -> Try:
    """The try with what it belongs to already loaded."""
    step.attempt = attempt
    quiz_try.step = step
    return quiz_try


def _all_answered(quiz_try: Try) -> None:
    left = sum(1 for key in quiz_try.drawn if key not in quiz_try.answers)
    if left:
        raise ValidationError(f"Answer every question first. {left} {'is' if left == 1 else 'are'} left.")
