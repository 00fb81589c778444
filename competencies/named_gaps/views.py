"""The switch, for capability leads; and the names of one team, for those who lead it, while it is on."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from workforce.models import Organisation, Team, User
from workforce.queries import organisations_led

from ..models import NamedGapsChoice
from .actions import choose_named_gaps, note_look
from .forms import NamedGapsForm
from .permissions import can_see_names
from .queries import named_gaps, names_are_on


@login_required
def named_gaps_choice(request: HttpRequest, code: str) -> HttpResponse:
    """Whether it is on, who chose that, when and why; and the other choice."""
    user, on = cast(User, request.user), timezone.localdate()
    organisation = get_object_or_404(organisations_led(user, on), code=code)
    form = NamedGapsForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _choose(request, organisation, form):
        return redirect("competencies:named-gaps", organisation.code)
    history = NamedGapsChoice.objects.filter(organisation=organisation).select_related("by").order_by("-pk")
    context = {
        "organisation": organisation,
        "is_on": names_are_on(organisation),
        "form": form,
        "history": history,
    }
    status = 422 if form.errors else 200
    return render(request, "competencies/named_gaps/choice.html", context, status=status)


def _choose(request: HttpRequest, organisation: Organisation, form: NamedGapsForm) -> bool:
    is_on = request.POST.get("go") == "on"
    try:
        choose_named_gaps(
            organisation=organisation,
            is_on=is_on,
            reason=form.cleaned_data["reason"],
            by=cast(User, request.user),
        )
    except ValidationError as error:
        form.add_error("reason", error)
        return False
    messages.success(request, f"Named gaps are {'on' if is_on else 'off'}.")
    return True


@login_required
def named_gaps_of_team(request: HttpRequest, pk: int) -> HttpResponse:
    """404 where it is off, and for everybody who does not lead the team. Each look is noted before names are shown."""
    user, on = cast(User, request.user), timezone.localdate()
    team = get_object_or_404(Team.objects.select_related("organisation"), pk=pk)
    if not can_see_names(user, team, on):
        raise Http404
    note_look(team=team, by=user)
    context = {"team": team, "on": on, "people": named_gaps(team, on)}
    return render(request, "competencies/named_gaps/team.html", context)
