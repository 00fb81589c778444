"""Begin a module, and see how far you are with it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from competencies.queries import capability_names
from workforce.models import User

from ..actions import start_attempt
from ..models import ActivityPage, Attempt, ModulePage, Step
from ..outline import Activity
from ..queries import minutes_left, steps_of
from .kept import ask_to_sign_in, give_back

View = Callable[..., HttpResponse]


def own_attempt(view: View) -> View:
    """Give the view the signed-in person's own attempt; anybody else's does not exist for them.

    Whoever was signed out on the way is asked to sign in, and what they had just sent is kept until they have.
    """

    @wraps(view)
    def with_attempt(request: HttpRequest, registration: UUID, **more: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request, registration)
        attempts = Attempt.objects.select_related("version", "user")
        attempt = attempts.filter(registration=registration, user=request.user).first()
        give_back(request, is_owner=attempt is not None)
        if attempt is None:
            raise Http404
        try:
            return view(request, attempt, **more)
        except ValidationError as refusal:
            # Another tab was quicker, as when answers were sent there: say so where the person can go on.
            messages.error(request, refusal.messages[0])
            return redirect(attempt)

    return with_attempt


@login_required
def start(request: HttpRequest, module_key: UUID) -> HttpResponse:
    """Begin a module. Whoever comes back here from signing in sees the module, with its button."""
    page = get_object_or_404(ModulePage.objects.live(), translation_key=module_key)
    if request.method != "POST":
        return redirect(page.get_url(request) or "/")
    try:
        attempt = start_attempt(user=cast(User, request.user), module_key=module_key)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(page.get_url(request) or "/")
    return redirect(attempt)


@own_attempt
@require_GET
def attempt(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    module, steps = attempt.module, steps_of(attempt)
    names = capability_names([claim.capability for claim in module.evidences])
    context = {
        "attempt": attempt,
        "module": module,
        "tasks": [_task(attempt, activity, steps.get(activity.key)) for activity in module.activities],
        "done": sum(1 for step in steps.values() if step.state == Step.State.DONE),
        "waiting": [activity for activity in module.practice if _is_sent(steps.get(activity.key))],
        "minutes_left": minutes_left(attempt, steps),
        "next": _next(attempt, steps),
        "gains": [(names.get(claim.capability, claim.capability), claim.level) for claim in module.evidences],
        "page": ModulePage.objects.filter(translation_key=module.key).first(),
    }
    return render(request, "curriculum/attempt.html", context)


_STATES = {
    Step.State.STARTED: ("In progress", "aqua-green"),
    Step.State.SENT: ("Waiting to be confirmed", "yellow"),
    Step.State.DONE: ("Done", ""),
}


def _task(attempt: Attempt, activity: Activity, step: Step | None) -> dict[str, str]:
    status, colour = _STATES[Step.State(step.state)] if step else ("Not started", "blue")
    kind = kind_name(activity)
    return {
        "text": activity.title,
        "hint": f"{kind}, {activity.minutes} minutes",
        "href": step_url(attempt, activity),
        "status": status,
        "colour": colour,
    }


def _is_sent(step: Step | None) -> bool:
    return step is not None and step.state == Step.State.SENT


def _next(attempt: Attempt, steps: Mapping[UUID, Step]) -> dict[str, object] | None:
    """The first activity that the person can still do something about."""
    for activity in attempt.module.activities:
        step = steps.get(activity.key)
        if step is None or step.state == Step.State.STARTED:
            return {
                "title": activity.title,
                "href": step_url(attempt, activity),
                "is_begun": step is not None,
            }
    return None


def kind_name(activity: Activity) -> str:
    return ActivityPage.Kind(activity.kind).label


def step_url(attempt: Attempt, activity: Activity, name: str = "step", **more: Any) -> str:
    return reverse(f"curriculum:{name}", args=[attempt.registration, activity.key, *more.values()])


def about(attempt: Attempt, activity: Activity) -> dict[str, Any]:
    """What every page of a step needs."""
    return {
        "attempt": attempt,
        "module": attempt.module,
        "activity": activity,
        "kind": kind_name(activity),
    }


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, were it nothing at all; None when it was only asked for."""
    return request.POST if request.method == "POST" else None
