"""Local requirements, for the capability leads of an organisation: the list, another one, and the end of one."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from workforce.models import Organisation, Overlay, Tier, User
from workforce.queries import organisations_led

from ..coverage.queries import edition_in_force
from ..models import Edition, LocalRequirement
from .actions import Reach, add_requirement, end_requirement, reach_of
from .forms import AdditionForm, EndForm
from .queries import listed, local_requirements


@login_required
def requirements(request: HttpRequest, code: str) -> HttpResponse:
    """All that is and was asked on top; fill in another, see how many people it concerns, then add it."""
    user, on = cast(User, request.user), timezone.localdate()
    organisation = get_object_or_404(organisations_led(user, on), code=code)
    edition = edition_in_force(organisation, on)
    form = _form(request, organisation, edition) if edition else None
    reach = None
    if form is not None and form.is_bound and form.is_valid():
        if request.POST.get("go") == "add" and request.POST.get("seal") == form.seal:
            if _add(request, form, user):
                return redirect("competencies:local-requirements", organisation.code)
        else:
            reach = _reach(form, user)
    found = listed(local_requirements(organisation), edition)
    context = {
        "organisation": organisation,
        "edition": edition,
        "form": form,
        "reach": reach,
        "today": on,
        "asked": [each for each in found if each.requirement.ended_at is None],
        "ended": [each for each in found if each.requirement.ended_at is not None],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "competencies/local_requirements/list.html", context, status=status)


def _form(request: HttpRequest, organisation: Organisation, edition: Edition) -> AdditionForm:
    return AdditionForm(
        request.POST if request.method == "POST" else None,
        organisation=organisation,
        tiers=list(Tier.objects.order_by("order")),
        overlays=list(Overlay.objects.order_by("label")),
        capabilities=list(edition.capabilities.select_related("capability").order_by("order", "pk")),
        levels=list(edition.levels.order_by("number")),
    )


def _reach(form: AdditionForm, user: User) -> Reach | None:
    try:
        return reach_of(addition=form.addition, by=user)
    except ValidationError as refusal:
        _say(form, refusal)
        return None


def _add(request: HttpRequest, form: AdditionForm, user: User) -> bool:
    try:
        add_requirement(addition=form.addition, by=user)
    except ValidationError as refusal:
        _say(form, refusal)
        return False
    messages.success(request, "Added. People see it on My capabilities, marked as local.")
    return True


def _say(form: Form, refusal: ValidationError) -> None:
    """At the field that it is about, if it names one."""
    errors = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
    for name, said in errors.items():
        form.add_error(name if name in form.fields else None, said[0])


@login_required
def end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """404 for what is not of this organisation, or has ended."""
    user, on = cast(User, request.user), timezone.localdate()
    organisation = get_object_or_404(organisations_led(user, on), code=code)
    open_ones = LocalRequirement.objects.filter(organisation=organisation, ended_at=None)
    requirement = get_object_or_404(open_ones.select_related("tier", "overlay", "capability"), pk=pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_requirement(requirement=requirement, reason=form.cleaned_data["end_reason"], by=user)
        except ValidationError as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "Ended. Today is the last day on which it is asked.")
            return redirect("competencies:local-requirements", organisation.code)
    edition = edition_in_force(organisation, on)
    context = {"organisation": organisation, "one": listed([requirement], edition)[0], "form": form}
    return render(
        request, "competencies/local_requirements/end.html", context, status=422 if form.errors else 200
    )
