"""What was learned elsewhere: a person asks for it to count, and a capability lead of the organisation decides."""

from typing import cast
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from workforce.models import User
from workforce.queries import organisations_led, organisations_of

from ..actions import (
    Learned,
    ask_for_prior_learning,
    decline_prior_learning,
    erase_prior_learning,
    grant_prior_learning,
    undo_prior_learning,
    withdraw_prior_learning,
)
from ..models import ModulePage, PriorLearningAct, PriorLearningClaim
from ..permissions import can_decide_prior_learning, can_read_prior_learning
from ..prior_learning import claims_decided, claims_waiting, latest_of, own_claims, parts_of, who_decides
from ..prior_learning_forms import DecidePriorLearningForm, PriorLearningForm, UndoPriorLearningForm
from ..prior_learning_states import MAY_FOLLOW, State, state_after
from ..queries import gains_of
from .attempts import posted

Act = PriorLearningAct.Act


@login_required
def my_prior_learning(request: HttpRequest) -> HttpResponse:
    """All that this person asked for, and where each stands."""
    claims = own_claims(cast(User, request.user), timezone.localdate())
    return render(request, "curriculum/my_prior_learning.html", {"claims": claims})


@login_required
def prior_learning(request: HttpRequest, module_key: UUID) -> HttpResponse:
    """Ask for one module, or see where what was asked stands. Every module is open to everybody."""
    user, on = cast(User, request.user), timezone.localdate()
    module = get_object_or_404(ModulePage.objects.live(), translation_key=module_key)
    claim = PriorLearningClaim.objects.filter(person=user, module_key=module_key).first()
    state = state_after(latest_of(claim)) if claim else State.NEW
    organisations = organisations_of(user, on)
    form = None
    if Act.ASK in MAY_FOLLOW[state] and organisations.exists():
        form = PriorLearningForm(organisations, posted(request), request.FILES or None, initial=_said(claim))
        if form.is_bound and form.is_valid() and _asked(user, module_key, form):
            messages.success(request, "Your request is sent. You see here what becomes of it.")
            return redirect("curriculum:prior-learning", module_key)
    asked = claim.organisation if claim and form is None else form.only if form else None
    context = {
        "module": module,
        "gains": [(gain, min(2, gain.level)) for gain in gains_of(module) if not gain.when],
        "claim": claim,
        "state": state.name,
        "acts": list(claim.acts.select_related("by", "statement")) if claim else [],
        "document": getattr(claim, "document", None) if claim else None,
        "form": form,
        "asked": asked,
        "deciders": list(who_decides(asked, user, on)) if asked else None,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "curriculum/prior_learning.html", context, status=status)


def _said(claim: PriorLearningClaim | None) -> dict[str, object]:
    """What was said before is in the form again. A document must be chosen again, because browsers want it so."""
    if claim is None:
        return {}
    fields = ("what", "where", "learned_on", "reason")
    return {"organisation": claim.organisation_id, **{name: getattr(claim, name) for name in fields}}


def _asked(user: User, module_key: UUID, form: PriorLearningForm) -> bool:
    """Send it. False when it cannot be sent any more: the form says why."""
    said = form.cleaned_data
    try:
        ask_for_prior_learning(
            person=user,
            module_key=module_key,
            organisation=said["organisation"],
            learned=Learned(said["what"], said["where"], said["learned_on"], said["reason"]),
            document=said["document"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _own(request: HttpRequest, module_key: UUID) -> PriorLearningClaim:
    return get_object_or_404(PriorLearningClaim, person=cast(User, request.user), module_key=module_key)


@login_required
@require_POST
def withdraw(request: HttpRequest, module_key: UUID) -> HttpResponse:
    claim = _own(request, module_key)
    try:
        withdraw_prior_learning(claim=claim, by=cast(User, request.user))
        messages.success(request, "You have taken it back. Nobody else sees it now.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("curriculum:prior-learning", module_key)


@login_required
@require_POST
def erase_prior(request: HttpRequest, module_key: UUID) -> HttpResponse:
    erase_prior_learning(claim=_own(request, module_key), by=cast(User, request.user))
    messages.success(request, "Your words and the document are deleted.")
    return redirect("curriculum:prior-learning", module_key)


@login_required
def prior_learning_queue(request: HttpRequest) -> HttpResponse:
    """What waits for the capability leads of an organisation, with its age. It is the organisation's queue."""
    user, on = cast(User, request.user), timezone.localdate()
    organisations = list(organisations_led(user, on))
    if not organisations:
        raise Http404
    context = {
        "organisations": organisations,
        "waiting": claims_waiting(user, on),
        "decided": claims_decided(user, on),
    }
    return render(request, "curriculum/prior_learning_queue.html", context)


@login_required
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One request, for a capability lead of the organisation. Anybody else, the person too, gets 404."""
    user, on = cast(User, request.user), timezone.localdate()
    claim = get_object_or_404(PriorLearningClaim.objects.select_related("person", "organisation"), uuid=uuid)
    act = latest_of(claim)
    state = state_after(act)
    if not can_decide_prior_learning(user, claim, on) or state == State.WITHDRAWN:
        raise Http404
    form: DecidePriorLearningForm | UndoPriorLearningForm | None = None
    if Act.ACCEPT in MAY_FOLLOW[state]:
        form = DecidePriorLearningForm(posted(request))
    elif Act.UNDO in MAY_FOLLOW[state]:
        form = UndoPriorLearningForm(posted(request))
    if form is not None and form.is_bound and form.is_valid() and _decided(request, claim, user, form):
        return redirect("curriculum:prior-learning-queue")
    module = ModulePage.objects.filter(translation_key=claim.module_key).first()
    context = {
        "claim": claim,
        "act": act,
        "state": state.name,
        "form": form,
        "module": module,
        "gains": [(g, min(2, g.level)) for g in gains_of(module) if not g.when] if module else [],
        "may_read": can_read_prior_learning(user, claim, act, on),
        "document": getattr(claim, "document", None),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "curriculum/prior_learning_decide.html", context, status=status)


def _decided(
    request: HttpRequest,
    claim: PriorLearningClaim,
    user: User,
    form: DecidePriorLearningForm | UndoPriorLearningForm,
) -> bool:
    """Do what was sent. False when it cannot be done any more: the form says why."""
    said, person = form.cleaned_data, claim.person.name
    try:
        if isinstance(form, UndoPriorLearningForm):
            undo_prior_learning(claim=claim, by=user, why=said["why"])
            messages.success(request, f"It no longer counts. {person} sees why.")
        elif said["decision"] == DecidePriorLearningForm.ACCEPT:
            grant_prior_learning(claim=claim, by=user)
            messages.success(request, f"You accepted it. It is on the record of {person}.")
        else:
            decline_prior_learning(claim=claim, by=user, missing=said["missing"])
            messages.success(request, f"You said “not yet”. {person} sees what is missing.")
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


@login_required
def prior_learning_document(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """The document, for the person and for who may decide. It is saved, never opened as a page of ours."""
    user = cast(User, request.user)
    claim = get_object_or_404(PriorLearningClaim.objects.select_related("organisation"), uuid=uuid)
    allowed = claim.person_id == user.pk or can_read_prior_learning(
        user, claim, latest_of(claim), timezone.localdate()
    )
    document = getattr(claim, "document", None)
    if not allowed or document is None:
        raise Http404
    return StreamingHttpResponse(
        parts_of(document),
        content_type=document.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.name)}",
            "Content-Length": str(document.size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
