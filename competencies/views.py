"""The pages of somebody who was asked to confirm practice."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from workforce.models import User

from .actions import ask_question, decline, pass_on, verify
from .capacity import by_room, next_confirmation
from .conversations.queries import planned_with
from .files.queries import files_of
from .forms import DecisionForm, PassOnForm, WordsForm
from .models import Practice, PracticeClaim, VerificationAct
from .permissions import can_decide, who_may_verify_practice
from .portfolio.queries import panels_with_names
from .practice_states import MAY_FOLLOW, state_after
from .queries import (
    answered_reading,
    capability_names,
    exchange,
    latest_act,
    practice_asked_of,
    readings_for,
    sessions_of,
    waiting_for,
)

Act = VerificationAct.Act


class SignedIn(HttpRequest):
    """A request behind `login_required`."""

    user: User


@login_required
def practice_to_confirm(request: SignedIn) -> HttpResponse:
    """What waits for this person's answer, oldest first."""
    acts = list(waiting_for(request.user))
    claims = claims_of(*(act.practice for act in acts))
    today = timezone.localdate()
    days = [(today - timezone.localdate(act.at)).days for act in acts]
    context = {
        "free_from": next_confirmation(request.user, timezone.now()),
        "cap": settings.VERIFICATIONS_A_WEEK,
        "together": any(act.practice.together for act in acts),
        "sessions": sessions_of(request.user)[:5],
        "readings": readings_for(request.user),
        "panels": panels_with_names(request.user),
        "conversations": planned_with(request.user),
    }
    waiting = zip(acts, claims, days, strict=True)
    return render(request, "competencies/verify_list.html", {**context, "waiting": list(waiting)})


@login_required
def confirm_practice(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Read one piece of practice and answer it. Only the person asked may; anyone else gets 404."""
    practice = _asked_of(request.user, uuid)
    act = latest_act(practice)
    waiting = can_decide(request.user, act)
    forms = _forms(request, practice, act) if waiting else {}
    sent = next((form for form in forms.values() if form.is_bound), None)
    if sent is not None and sent.is_valid() and _done(request, practice, sent):
        return redirect("competencies:verify-list")
    return render(
        request,
        "competencies/verify.html",
        {
            "practice": practice,
            "claims": [] if act.act == Act.WITHDRAW else claims_of(practice)[0],
            "act": act,
            "waiting": waiting,
            "files": files_of(practice) if waiting else (),
            "exchange": [] if act.act == Act.WITHDRAW else exchange(practice, request.user),
            "sent": sent,
            "free_from": next_confirmation(request.user, timezone.now()) if waiting else None,
            "cap": settings.VERIFICATIONS_A_WEEK,
            "reading": answered_reading(act),
            **forms,
        },
        status=422 if sent is not None else 200,
    )


def _forms(
    request: SignedIn, practice: Practice, act: VerificationAct
) -> dict[str, DecisionForm | WordsForm | PassOnForm]:
    """What the person asked can do; the form that was sent is the one that is bound."""
    data = request.POST if request.method == "POST" else None
    go = request.POST.get("go", "decide")
    others = who_may_verify_practice(practice, timezone.now()).exclude(pk=act.verifier_id)
    forms: dict[str, DecisionForm | WordsForm | PassOnForm] = {
        "form": DecisionForm(data if go not in ("ask", "pass_on") else None),
        "pass_on_form": PassOnForm(
            by_room(others, timezone.now()),
            data if go == "pass_on" else None,
            label="Who do you pass it on to?",
        ),
    }
    if Act.ASK in MAY_FOLLOW[state_after(act)]:
        forms["question_form"] = WordsForm(
            data if go == "ask" else None, label="What do you want to know?", missing="Write your question"
        )
    return forms


def claims_of(*practice: Practice) -> list[list[tuple[PracticeClaim, str]]]:
    """The claims of each piece of practice, with the names of their capabilities."""
    claims = [list(piece.claims.all()) for piece in practice]
    names = capability_names({claim.capability.code for of_one in claims for claim in of_one})
    return [[(claim, names[claim.capability.code]) for claim in of_one] for of_one in claims]


def _asked_of(user: User, uuid: UUID) -> Practice:
    """The practice, if its newest act that stands names this person as the one asked."""
    practice = practice_asked_of(user, uuid)
    if practice is None:
        raise Http404
    return practice


def _done(request: SignedIn, practice: Practice, form: DecisionForm | WordsForm | PassOnForm) -> bool:
    """Do what was sent. False when it cannot be done: the form says why."""
    try:
        if isinstance(form, WordsForm):
            ask_question(practice=practice, by=request.user, question=form.cleaned_data["words"])
            messages.success(request, f"You asked {practice.owner} a question. They see it on their page.")
        elif isinstance(form, PassOnForm):
            pass_on(practice=practice, by=request.user, to=form.person, reason=form.cleaned_data["note"])
            messages.success(
                request, f"You passed “{practice.title}” on to {form.person}. {practice.owner} can see that."
            )
        elif form.cleaned_data["decision"] == DecisionForm.CONFIRM:
            verify(practice=practice, by=request.user)
            messages.success(request, f"You confirmed “{practice.title}” by {practice.owner}.")
        else:
            decline(practice=practice, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(
                request, f"You said “not yet” to {practice.owner}. They can see what would make it a yes."
            )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
