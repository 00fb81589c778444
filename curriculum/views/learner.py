"""My learning: a person's programmes, how far they are, what is next and why."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from competencies.queries import expectations, held
from workforce.models import Post, Seat, User
from workforce.queries import current_posts

from ..models import ProgrammePage
from ..models.pages import FRONTLINE, PATIENTS
from ..next_steps import Standing, State, next_module, reason, sections, sent_practice
from ..next_steps.items import task
from ..own_plans import planned


@login_required
def my_learning(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    on = timezone.localdate()
    posts = list(current_posts(user, on))
    if not posts:
        return no_post(request, user, on)
    return render(request, "curriculum/my_learning.html", _learning(user, posts, on))


def _learning(user: User, posts: Sequence[Post], on: date) -> dict[str, object]:
    found = sections(user, posts, expectations(user, on))
    modules = list({m.source_key: m for section in found for m in section.modules}.values())
    then, practice = next_module(found), sent_practice(user)
    return {
        "is_representative": any(post.tier.key == PATIENTS for post in posts),
        "is_staff_member": any(post.tier.key != PATIENTS for post in posts),
        "is_frontline": any(post.tier.key == FRONTLINE for post in posts),
        "can_start": any(m.is_startable for m in modules),
        "under_way": [m for m in modules if m.state == State.STARTED],
        "next": then,
        "next_reason": reason(then, on) if then else "",
        "plans": planned(user, on),
        "sections": [(section, [task(module, on) for module in section.modules]) for section in found],
        "sent": practice,
        "waiting": [item for item in practice if not item.reason and not item.question],
        "waits_for_modules": _cannot_be_closed_yet(modules),
        "holdings": [(each.name, f"Level {each.level}, {_until(each.until)}") for each in held(user, on)],
    }


def _cannot_be_closed_yet(modules: Iterable[Standing]) -> int:
    """How many gaps only modules in preparation would close: nobody can do anything about those today."""
    modules = list(modules)
    waiting = {gap.code for m in modules if not m.is_startable for gap in m.closes}
    return len(waiting - {gap.code for m in modules if m.is_startable for gap in m.closes})


def _until(end: date | None) -> str:
    return f"until {date_format(end, 'j F Y')}" if end else "with no end date"


def no_post(request: HttpRequest, user: User, on: date) -> HttpResponse:
    """For somebody with an account and nothing today: what begins soon, whom to ask, what to read meanwhile."""
    upcoming = (
        Post.objects.filter(membership__user=user, superseded_at=None, during__startswith__gt=on)
        .select_related("team__organisation", "tier")
        .order_by("during")
    )
    context = {
        "upcoming": upcoming,
        "has_seat": Seat.objects.filter(user=user, during__contains=on).exists(),
        "programmes": _programmes(),
    }
    return render(request, "curriculum/no_post.html", context)


def _programmes() -> QuerySet[ProgrammePage]:
    return ProgrammePage.objects.live().exclude(tier=None).order_by("path")
