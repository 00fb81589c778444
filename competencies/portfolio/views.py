"""The page of somebody who sits on a panel for level 4."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from workforce.models import User

from ..models import PanelAct, Portfolio
from .actions import agree, say_not_yet, step_aside
from .forms import StepAsideForm, ViewForm
from .queries import entries_by_prompt, panel_of
from .seats import Place, seats_of
from .states import OPEN

Sent = ViewForm | StepAsideForm


@login_required
def panel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Read a portfolio and give one's own view. Only the two who sit may; anybody else gets 404.

    Its entries can be read until it is decided or taken back, and no longer.
    """
    member = cast(User, request.user)
    act = panel_of(uuid, member)
    if act is None:
        raise Http404
    own, other = _places(act, member)
    is_open = act.state in OPEN
    forms = _forms(request) if is_open and own.answer is None else {}
    sent = next((form for form in forms.values() if form.is_bound), None)
    if sent is not None and sent.is_valid() and _done(request, act.portfolio, sent):
        return redirect("competencies:verify-list")
    context = {
        "act": act,
        "portfolio": act.portfolio,
        "prompts": entries_by_prompt(act.portfolio),
        "is_open": is_open,
        "own": own,
        "other": other,
        "answers": (own, other),
        "sent": sent,
        **forms,
    }
    status = 422 if sent is not None else 200
    return render(request, "competencies/portfolio/panel.html", context, status=status)


def _places(act: PanelAct, member: User) -> tuple[Place, Place]:
    """The member's own place, and the other one."""
    first, second = seats_of(act)
    return (first, second) if first.member == member else (second, first)


def _forms(request: HttpRequest) -> dict[str, Sent]:
    """What a member can send; the form that was sent is the one that is bound."""
    data = request.POST if request.method == "POST" else None
    aside = request.POST.get("go") == "aside"
    return {
        "form": ViewForm(None if aside else data),
        "aside_form": StepAsideForm(data if aside else None),
    }


def _done(request: HttpRequest, portfolio: Portfolio, form: Sent) -> bool:
    """Do what was sent. False when it cannot be done: the form says why."""
    member = cast(User, request.user)
    try:
        if isinstance(form, StepAsideForm):
            step_aside(portfolio=portfolio, by=member, reason=form.cleaned_data["note"])
            said = f"You stepped aside. {portfolio.owner} can ask somebody else."
        elif form.cleaned_data["decision"] == ViewForm.CONFIRM:
            said = _told(agree(portfolio=portfolio, by=member))
        else:
            said = _told(say_not_yet(portfolio=portfolio, by=member, reason=form.cleaned_data["reason"]))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, said)
    return True


def _told(act: PanelAct) -> str:
    """What a member's answer led to."""
    owner = act.portfolio.owner
    if act.state == PanelAct.State.CONFERRED:
        return f"Both of you said yes. The award for {owner} is on the record."
    if act.state == PanelAct.State.NOT_YET:
        return f"Both of you have answered. {owner} can now read what would make it a yes."
    return f"Your view is kept. {owner} sees it when both of you have answered."
