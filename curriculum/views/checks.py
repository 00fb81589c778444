"""A check: one question a page, answers saved as you go, a look over them, then the result of each."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..actions import answer_question, finish_review, open_try, submit_try, talk_through, walk_review
from ..actions.checks import review_of
from ..drawing import TRIES_BEFORE_REVIEW, needs_review
from ..forms import ChooseForm, TalkForm
from ..models import Attempt, Step, Try
from ..outline import Activity, Option, Question
from .attempts import about, own_attempt, posted, step_url


@dataclass(frozen=True)
class Answered:
    """A question as it stands in a try: what was chosen, if anything, and what was right."""

    number: int
    question: Question
    chosen: Option | None

    @property
    def right(self) -> Option:
        return self.question.options[self.question.right]

    @property
    def is_right(self) -> bool:
        return self.chosen is not None and self.chosen.correct


def check(request: HttpRequest, attempt: Attempt, activity: Activity) -> HttpResponse:
    """The check's own page: what it is and how to begin, or the result of the last try."""
    if request.method == "POST":
        try:
            quiz_try = open_try(attempt=attempt, activity_key=activity.key)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(step_url(attempt, activity))
        return redirect(_way_on(attempt, activity, quiz_try))
    step = attempt.steps.filter(activity_key=activity.key).first()
    tries = list(step.tries.all()) if step else []
    last = tries[-1] if tries else None
    context = {**about(attempt, activity), "step": step, "tries": tries, "last": last}
    if last and last.closed_at is None:
        context |= {"way_on": _way_on(attempt, activity, last), "answered": len(last.answers)}
    elif last and last.passed is not None:
        context |= _result(attempt, activity, step, last)
    return render(request, "curriculum/check.html", context)


def _result(attempt: Attempt, activity: Activity, step: Step | None, last: Try) -> dict[str, object]:
    answers = _answered(activity, last)
    reviewed = step.draft.get("reviewed", 0) if step else 0
    return {
        "answers": answers,
        "right": sum(1 for answer in answers if answer.is_right),
        "must_review": not last.passed and needs_review(last.number, reviewed),
        "tries_left": TRIES_BEFORE_REVIEW - (last.number - reviewed),
        "review_href": step_url(attempt, activity, "review"),
    }


@own_attempt
def question(request: HttpRequest, attempt: Attempt, activity: UUID, number: int) -> HttpResponse:
    found, quiz_try = _open(attempt, activity)
    if number not in range(1, len(quiz_try.drawn) + 1):
        raise Http404
    key = quiz_try.drawn[number - 1]
    initial = {"choice": quiz_try.answers[key]} if key in quiz_try.answers else None
    form = ChooseForm.of_question(found.question_by_key[key], posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        answer_question(quiz_try=quiz_try, question=key, option=form.cleaned_data["choice"])
        return redirect(_way_on(attempt, found, quiz_try, after=number))
    context = {
        **about(attempt, found),
        "form": form,
        "number": number,
        "total": len(quiz_try.drawn),
        "back": _question_url(attempt, found, number - 1) if number > 1 else step_url(attempt, found),
    }
    return render(request, "curriculum/question.html", context)


@own_attempt
def answers(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    """Look over the answers and send them; patient representatives go on to talk them through."""
    found, quiz_try = _open(attempt, activity)
    if request.method == "POST":
        try:
            submit_try(quiz_try=quiz_try)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(step_url(attempt, found, "answers"))
        return redirect(step_url(attempt, found))
    rows = [(answer, _question_url(attempt, found, answer.number)) for answer in _answered(found, quiz_try)]
    left = [href for answer, href in rows if answer.chosen is None]
    context = {
        **about(attempt, found),
        "rows": rows,
        "left": left,
        "talk_href": step_url(attempt, found, "talk"),
    }
    return render(request, "curriculum/answers.html", context)


@own_attempt
def talk(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    """Each answer with what we think of it, to talk through with somebody. Patient representatives only."""
    found, quiz_try = _open(attempt, activity)
    if not attempt.module.for_patients:
        raise Http404
    answered = _answered(found, quiz_try)
    if any(answer.chosen is None for answer in answered):
        return redirect(step_url(attempt, found, "answers"))
    form = TalkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        talk_through(quiz_try=quiz_try, with_whom=form.cleaned_data["with_whom"])
        messages.success(request, "You have finished the check. Your answers have been deleted.")
        return redirect(attempt)
    return render(
        request, "curriculum/talk.html", {**about(attempt, found), "answers": answered, "form": form}
    )


@own_attempt
def review(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    """The guided review after three tries: each question that was missed, one a page."""
    found = _check_or_404(attempt, activity)
    step = attempt.steps.filter(activity_key=found.key).first()
    try:
        keys = review_of(step, found) if step else []
    except ValidationError:
        return redirect(step_url(attempt, found))
    walked = step.draft.get("walked", 0) if step else 0
    if request.method == "POST":
        return _walk_on(request, attempt, found, is_last=walked + 1 >= len(keys))
    if not keys:
        raise Http404
    place = min(walked, len(keys) - 1)
    context = {**about(attempt, found), "question": found.question_by_key[keys[place]]}
    outcome = next(o for o in attempt.module.outcomes if o.key == context["question"].outcome)
    more = {
        "number": place + 1,
        "total": len(keys),
        "outcome": outcome,
        "readings": attempt.module.taught,
    }
    return render(request, "curriculum/review.html", {**context, **more})


def _walk_on(request: HttpRequest, attempt: Attempt, activity: Activity, *, is_last: bool) -> HttpResponse:
    walk_review(attempt=attempt, activity_key=activity.key)
    if not is_last:
        return redirect(step_url(attempt, activity, "review"))
    finish_review(attempt=attempt, activity_key=activity.key)
    messages.success(request, "You have walked through the review. You have 3 more tries.")
    return redirect(step_url(attempt, activity))


def _check_or_404(attempt: Attempt, key: UUID) -> Activity:
    found = attempt.module.activity_by_key.get(key)
    if found is None or not found.is_check:
        raise Http404
    return found


def _open(attempt: Attempt, key: UUID) -> tuple[Activity, Try]:
    """The check and its open try. ValidationError when the last was sent, 404 when none was ever opened."""
    found = _check_or_404(attempt, key)
    quiz_try = (
        Try.objects.filter(step__attempt=attempt, step__activity_key=key, closed_at=None)
        .select_related("step")
        .first()
    )
    if quiz_try is None:
        if Try.objects.filter(step__attempt=attempt, step__activity_key=key).exists():
            raise ValidationError("These answers have already been sent.")
        raise Http404
    quiz_try.step.attempt = attempt
    return found, quiz_try


def _answered(activity: Activity, quiz_try: Try) -> list[Answered]:
    questions = [activity.question_by_key[key] for key in quiz_try.drawn]
    chosen = [quiz_try.answers.get(question.key) for question in questions]
    return [
        Answered(number, question, None if option is None else question.options[option])
        for number, (question, option) in enumerate(zip(questions, chosen, strict=True), start=1)
    ]


def _way_on(attempt: Attempt, activity: Activity, quiz_try: Try, after: int = 0) -> str:
    """The first question still open after this one, or before it; the look over the answers when none is."""
    order = [*quiz_try.drawn[after:], *quiz_try.drawn[:after]]
    open_key = next((key for key in order if key not in quiz_try.answers), None)
    if open_key is None:
        return step_url(attempt, activity, "answers")
    return _question_url(attempt, activity, quiz_try.drawn.index(open_key) + 1)


def _question_url(attempt: Attempt, activity: Activity, number: int) -> str:
    return step_url(attempt, activity, "question", number=number)
