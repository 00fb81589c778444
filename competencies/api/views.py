"""Access for programs: a person's own page, where they let programs in and end that."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from workforce.models import User

from ..models import AccessToken
from .actions import end_token, make_token
from .forms import TokenForm
from .queries import tokens_of

MOST_ENDED = 10


@login_required
@never_cache
def programs(request: HttpRequest) -> HttpResponse:
    """The secret is on the answer that makes it and nowhere else, so there is no way to come back to it."""
    user = cast(User, request.user)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made = secret = None
    if form.is_bound and form.is_valid():
        try:
            made, secret = make_token(user=user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    now = timezone.now()
    tokens = list(tokens_of(user))
    in_force = [token for token in tokens if token.ended_at is None and token.ends_at > now]
    context = {
        "form": TokenForm() if made else form,
        "made": made,
        "secret": secret,
        "in_force": in_force,
        "ended": [token for token in tokens if token not in in_force][:MOST_ENDED],
    }
    failed = form.is_bound and not made
    return render(request, "competencies/programs.html", context, status=422 if failed else 200)


@login_required
def end_program(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = cast(User, request.user)
    token = get_object_or_404(AccessToken, uuid=uuid, user=user)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    end_token(token=token, by=user)
    messages.success(request, f"Ended. {token.name} can no longer come in.")
    return redirect("competencies:programs")
