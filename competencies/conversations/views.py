"""A practice conversation as each of its two people sees it, and the reflective account of the one whose it is."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workforce.models import User

from ..models import PracticeConversation
from .accounts import Account, account_of_conversation, account_of_period, as_pdf
from .actions import call_off, decide_item, end_conversation, move_day, write_account
from .forms import AccountForm, DayForm, OutcomeForm, PeriodForm
from .queries import Covered, conversation_for, covered

State = PracticeConversation.State


@login_required
def conversation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For the person: what it covers, and their own words. For the confirmer: everything to answer, on one page."""
    found = conversation_for(_reader(request), uuid)
    if found is None:
        raise Http404
    return _mine(request, found) if found.person_id == request.user.pk else _hold(request, found)


def _reader(request: HttpRequest) -> User:
    return cast(User, request.user)


def _mine(request: HttpRequest, found: PracticeConversation) -> HttpResponse:
    items = covered(found)
    go = request.POST.get("go") if request.method == "POST" else None
    talked = [each for each in items if each.item.practice is None]
    account_form = AccountForm(found, talked, request.POST if go == "write" else None)
    day_form = DayForm(request.POST if go == "day" else None, initial={"day": found.day})
    if go and _done_by_the_person(request, found, go, account_form, day_form):
        return redirect(request.path)
    context = {
        "conversation": found,
        "is_planned": found.state == State.PLANNED,
        "items": items,
        "account_form": account_form,
        "day_form": day_form,
    }
    status = 422 if go else 200
    return render(request, "competencies/conversations/mine.html", context, status=status)


def _done_by_the_person(
    request: HttpRequest, found: PracticeConversation, go: str, account_form: AccountForm, day_form: DayForm
) -> bool:
    """Do what was sent. False when it cannot be done: the form says why."""
    by = _reader(request)
    try:
        if go == "write" and account_form.is_valid():
            write_account(conversation=found, by=by, words=account_form.words, **account_form.account)
            messages.success(request, "Your words are saved.")
        elif go == "day" and day_form.is_valid():
            move_day(conversation=found, by=by, on=day_form.cleaned_data["day"])
            messages.success(request, f"The new day is saved. Tell {found.confirmer}.")
        elif go == "call_off":
            call_off(conversation=found, by=by)
            messages.success(
                request, "Called off. Practice that waits goes on waiting; you can take it back."
            )
        else:
            return False
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return True


def _hold(request: HttpRequest, found: PracticeConversation) -> HttpResponse:
    items = covered(found)
    is_planned = found.state == State.PLANNED
    data = request.POST if request.method == "POST" else None
    forms = [OutcomeForm(each, data) for each in items if is_planned and _can_be_answered(each)]
    if data is not None:
        errors = _decided(request, found, forms)
        if not errors:
            return redirect(request.path)
    by_item = {form.covered.item.pk: form for form in forms}
    context = {
        "conversation": found,
        "is_planned": is_planned,
        "items": [(each, by_item.get(each.item.pk)) for each in items],
        "errors": errors if data is not None else [],
    }
    status = 422 if data is not None else 200
    return render(request, "competencies/conversations/hold.html", context, status=status)


def _can_be_answered(each: Covered) -> bool:
    """Practice that is with the confirmer and has no decision, and every capability to talk about."""
    return each.item.practice is None or (each.is_open and each.item.act_id is None)


def _decided(
    request: HttpRequest, found: PracticeConversation, forms: Sequence[OutcomeForm]
) -> list[tuple[str, str]]:
    """Each answer is a decision of its own: one that cannot be made says why and does not hold up the others.

    Gives what is wrong, with where it stands. The conversation ends when nothing is, if that was asked.
    """
    by = _reader(request)
    for form in forms:
        if form.is_valid() and form.says_something_new:
            answer = form.cleaned_data
            try:
                item = form.covered.item
                decide_item(item=item, by=by, outcome=answer["outcome"], reason=answer.get("reason", ""))
            except ValidationError as refusal:
                form.add_error("outcome", refusal)
    wrong = [_first_error(form) for form in forms if form.errors]
    if wrong:
        return wrong
    if request.POST.get("go") == "end":
        try:
            end_conversation(conversation=found, by=by)
        except ValidationError as refusal:
            return [(refusal.messages[0], "#conversation")]
        messages.success(request, "The conversation has ended. Your answers are kept with its day.")
    else:
        messages.success(request, "Your answers are saved.")
    return []


def _first_error(form: OutcomeForm) -> tuple[str, str]:
    name, errors = next(iter(form.errors.items()))
    place = f"#id_{form.add_prefix(name)}"
    return f"{form.covered.title}: {errors[0]}", place if name == "reason" else f"{place}_0"


@login_required
def account(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The account of one conversation, to read and print."""
    found = _own(request, uuid)
    context = {
        "account": account_of_conversation(found, timezone.now()),
        "conversation": found,
    }
    return render(request, "competencies/conversations/account.html", context)


@login_required
def account_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _as_pdf(account_of_conversation(_own(request, uuid), timezone.now()))


def _own(request: HttpRequest, uuid: UUID) -> PracticeConversation:
    found = conversation_for(_reader(request), uuid)
    if found is None or found.person_id != request.user.pk:
        raise Http404
    return found


@login_required
@require_safe
def period_account(request: HttpRequest) -> HttpResponse:
    """The account of all practice from one day to another."""
    form = PeriodForm(request.GET if "start" in request.GET else PeriodForm.usual())
    context = {"form": form, "account": _of_period(request, form)}
    status = 200 if form.is_valid() else 422
    return render(request, "competencies/conversations/period.html", context, status=status)


@login_required
@require_safe
def period_account_pdf(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET if "start" in request.GET else PeriodForm.usual())
    found = _of_period(request, form)
    if found is None:
        return render(request, "competencies/conversations/period.html", {"form": form}, status=422)
    return _as_pdf(found)


def _of_period(request: HttpRequest, form: PeriodForm) -> Account | None:
    if not form.is_valid():
        return None
    start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    return account_of_period(_reader(request), start, end, timezone.now())


def _as_pdf(found: Account) -> HttpResponse:
    now = timezone.now()
    answer = HttpResponse(as_pdf(found, now), content_type="application/pdf")
    name = f"reflective-account-{timezone.localdate(now).isoformat()}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
