"""The pages of somebody who was asked to confirm practice."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from workforce.models import User

from .actions import decline, verify
from .forms import DecisionForm
from .models import Practice, PracticeClaim, VerificationAct
from .permissions import can_decide
from .queries import capability_names, latest_act, waiting_for


class SignedIn(HttpRequest):
    """A request behind `login_required`."""

    user: User


@login_required
def practice_to_confirm(request: SignedIn) -> HttpResponse:
    """What waits for this person's answer, oldest first."""
    acts = list(waiting_for(request.user))
    claims = _claims(*(act.practice for act in acts))
    waiting = zip(acts, claims, strict=True)
    return render(request, "competencies/verify_list.html", {"waiting": list(waiting)})


@login_required
def confirm_practice(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Read one piece of practice and answer it. Only the person asked may; anyone else gets 404."""
    practice = _asked_of(request.user, uuid)
    act = latest_act(practice)
    waiting = can_decide(request.user, act)
    form = DecisionForm(request.POST if request.method == "POST" and waiting else None)
    if form.is_bound and form.is_valid() and _answered(request, practice, form):
        return redirect("competencies:verify-list")
    return render(
        request,
        "competencies/verify.html",
        {
            "practice": practice,
            "claims": [] if act.act == VerificationAct.Act.WITHDRAW else _claims(practice)[0],
            "act": act,
            "waiting": waiting,
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


def _claims(*practice: Practice) -> list[list[tuple[PracticeClaim, str]]]:
    """The claims of each piece of practice, with the names of their capabilities."""
    claims = [list(piece.claims.all()) for piece in practice]
    names = capability_names({claim.capability.code for of_one in claims for claim in of_one})
    return [[(claim, names[claim.capability.code]) for claim in of_one] for of_one in claims]


def _asked_of(user: User, uuid: UUID) -> Practice:
    """The practice, if its newest act names this person as the one asked."""
    practice = (
        Practice.objects.filter(~Q(owner=user), uuid=uuid)
        .select_related("owner")
        .prefetch_related("claims__capability", "acts__statement")
        .first()
    )
    if practice is None or latest_act(practice).verifier_id != user.pk:
        raise Http404
    return practice


def _answered(request: SignedIn, practice: Practice, form: DecisionForm) -> bool:
    try:
        if form.cleaned_data["decision"] == DecisionForm.CONFIRM:
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
