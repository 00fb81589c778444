"""Your yearly practice conversation: when the last was, what is planned, and how to plan one, in two steps."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competencies.conversations.queries import conversations_of
from competencies.models import PracticeConversation
from competencies.queries import expectations, suggested_verifiers
from workforce.models import User
from workforce.months import months_after

from ..actions import prepare_conversation
from ..conversation import Piece, chosen, pieces_of
from ..conversation_forms import CoverForm, WithWhomForm

MONTHS_BETWEEN = 12
State = PracticeConversation.State


@login_required
@require_safe
def my_conversation(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    mine = list(conversations_of(user))
    last = next((each for each in mine if each.state == State.HELD), None)
    context = {
        "planned": [each for each in mine if each.state == State.PLANNED],
        "earlier": [each for each in mine if each.state == State.HELD],
        "next_due": months_after(last.day, MONTHS_BETWEEN) if last else None,
    }
    return render(request, "curriculum/my_conversation.html", context)


@login_required
def prepare(request: HttpRequest) -> HttpResponse:
    """First what it covers, kept in the address; then with whom and when."""
    user, on = cast(User, request.user), timezone.localdate()
    pieces = pieces_of(user)
    talks = {each.code: each.name for each in expectations(user, on)}
    asked = request.GET
    cover = CoverForm(pieces, talks, asked if "next" in asked else None)
    if not cover.is_valid():
        context = {"form": cover, "unfinished": [piece for piece in pieces if not piece.is_complete]}
        status = 422 if cover.is_bound else 200
        return render(request, "curriculum/conversation_cover.html", context, status=status)
    return _with_whom(request, user, on, chosen(pieces, cover.cleaned_data["pieces"]), cover)


def _who_may_confirm(
    user: User, on: date, covered: Sequence[Piece], talks: Collection[str]
) -> QuerySet[User]:
    """Those who may confirm every piece; where there is none, those who may confirm what is talked about."""
    if not covered:
        return suggested_verifiers(user, talks, on)
    people = User.objects.order_by("name", "pk")
    for piece in covered:
        may = suggested_verifiers(
            user, piece.capabilities, on, confirmers=piece.activity.confirmers, about=piece.about
        )
        people = people.filter(pk__in=may.values("pk"))
    return people


def _with_whom(
    request: HttpRequest, user: User, on: date, covered: Sequence[Piece], cover: CoverForm
) -> HttpResponse:
    talks = cover.cleaned_data["talks"]
    people = _who_may_confirm(user, on, covered, talks)
    form = WithWhomForm(people, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            planned = prepare_conversation(
                person=user,
                confirmer=form.person,
                on=form.cleaned_data["day"],
                pieces=covered,
                capabilities=talks,
            )
            return redirect("competencies:conversation", planned.uuid)
        except ValidationError as refusal:
            form.add_error("confirmer", refusal.messages[0])
    context = {"form": form, "pieces": covered, "talks": [cover.talk_names[code] for code in talks]}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/conversation_with_whom.html", context, status=status)
