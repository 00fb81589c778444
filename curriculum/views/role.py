"""My role: a patient representative's seats, what the organisation owes them, and what helps with the role."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from competencies.queries import expectations
from workforce.models import Post, User
from workforce.queries import current_posts

from ..models.pages import PATIENTS
from ..next_steps import Standing, State, standings
from ..next_steps.items import task
from ..next_steps.owed import organisation_owes
from ..next_steps.roles import Place, modules_for, places
from .learner import no_post


@login_required
def my_role(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    on = timezone.localdate()
    seats, posts = places(user, on), list(current_posts(user, on))
    if seats or any(post.tier.key == PATIENTS for post in posts):
        return render(request, "curriculum/my_role.html", _role(user, seats, posts, on))
    if posts:
        return render(request, "curriculum/my_role_not_yours.html")
    return no_post(request, user, on)


def _role(user: User, seats: Sequence[Place], posts: Sequence[Post], on: date) -> dict[str, object]:
    expected = [e for e in expectations(user, on) if e.tier_key == PATIENTS]
    modules = standings(user, modules=modules_for(seats), expected=expected)
    startable = [module for module in modules if module.is_startable]
    return {
        "places": seats,
        "owes": organisation_owes(),
        "under_way": [module for module in modules if module.state == State.STARTED],
        "next": _first_ready(modules),
        "tasks": [task(module, on) for module in modules],
        "startable": startable,
        "done": sum(module.is_behind for module in modules),
        "in_preparation": len(modules) - len(startable),
        "is_in_programme": any(post.tier.key == PATIENTS for post in posts),
    }


def _first_ready(modules: Sequence[Standing]) -> Standing | None:
    return next((module for module in modules if module.state == State.READY), None)
