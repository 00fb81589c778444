"""The short road to renew a capability: what ends, what still holds, and one button."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from competencies.queries import wording
from workforce.models import User

from ..actions import start_renewal
from ..renewal_roads import ending_or_lapsed, renewal_roads


@login_required
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody may open every capability; what stands on the page is the person's own."""
    user, on = cast(User, request.user), timezone.localdate()
    capability = wording(code)
    if capability is None:
        raise Http404
    if request.method == "POST":
        try:
            return redirect(start_renewal(user=user, capability_code=code))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("curriculum:renew", code)
    found = [ending for ending in ending_or_lapsed(user, on) if ending.code == code]
    context = {"capability": capability, "roads": renewal_roads(user, found)}
    return render(request, "curriculum/renew.html", context)
