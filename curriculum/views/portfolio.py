"""One's own portfolio: gather, order, and put it to one person or to a panel of two."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from competencies.capacity import by_room
from competencies.forms import HandOverForm
from competencies.models import Capability, PanelAct, Portfolio, PortfolioEntry, VerificationAct
from competencies.permissions import can_be_replaced, outside_own_teams, who_may_sit
from competencies.portfolio.actions import claimed, replace_member, take_back
from competencies.portfolio.entries import add_entry, change_entry, delete_entry, move_entry
from competencies.portfolio.queries import confirmed_practice, newest_act, portfolio_of
from competencies.portfolio.seats import seats_of, who_left
from competencies.portfolio.states import OPEN, state_after
from competencies.queries import capability_names, latest_act, practice_of, suggested_verifiers
from workforce.models import User

from ..actions import put_portfolio_to_one, put_portfolio_to_panel
from ..models import Step
from ..portfolio import LEAD_AND_COACH, Place, is_with_one_person, place_of
from ..portfolio_forms import EntryForm, PanelForm
from .attempts import posted

LONGEST_TITLE = 200


def _place(request: HttpRequest, activity: UUID) -> tuple[User, Place]:
    user = cast(User, request.user)
    place = place_of(user, activity)
    if place is None:
        raise Http404
    return user, place


@login_required
def portfolio(request: HttpRequest, activity: UUID) -> HttpResponse:
    """All that was gathered, and where it stands. Everybody may open every portfolio; what is in it is their own."""
    user, place = _place(request, activity)
    if place.attempt and is_with_one_person(place.attempt, place.activity):
        return redirect("curriculum:step", place.attempt.registration, activity)
    mine = portfolio_of(user, place.iri)
    act = newest_act(mine) if mine else None
    is_open = state_after(act) in OPEN
    places = seats_of(act) if act else []
    forms = _open_forms(request, mine, act) if mine and act and is_open else _forms(request, user, place)
    if request.POST.get("go") == "take_back" and mine:
        return _take_back(request, mine, user)
    sent = next((form for form in forms.values() if form.is_bound), None)
    if sent is not None and sent.is_valid() and _sent(request, place, mine, sent, forms):
        return redirect("curriculum:portfolio", activity)
    context = {
        **_about(place),
        "prompts": _prompts(place, mine),
        "act": act,
        "is_open": is_open,
        "places": [(number, seat, forms.get(f"replace_{number}")) for number, seat in enumerate(places)],
        "answers": places if act and act.state in (PanelAct.State.NOT_YET, PanelAct.State.CONFERRED) else [],
        "not_yet": _not_yet_by_one(user, place),
        "can_put_forward": bool(forms) and not is_open,
        "sent": sent,
        **{name: form for name, form in forms.items() if not name.startswith("replace_")},
    }
    status = 422 if sent is not None else 200
    return render(request, "curriculum/portfolio.html", context, status=status)


def _about(place: Place) -> dict[str, Any]:
    return {"place": place, "words": place.words, "module": place.module, "activity": place.activity}


def _prompts(place: Place, mine: Portfolio | None) -> list[tuple[str, str, list[PortfolioEntry]]]:
    """Each prompt, the name of its capability, and the entries that answer it."""
    names = capability_names(list(place.prompts))
    entries = list(mine.entries.all()) if mine else []
    return [
        (prompt, names.get(code, code), [entry for entry in entries if entry.capability.code == code])
        for code, prompt in place.prompts.items()
    ]


def _not_yet_by_one(user: User, place: Place) -> VerificationAct | None:
    """What one person said would make it a yes, where that is the newest word on it."""
    attempt = place.attempt
    sent = practice_of(user, attempt.registration, place.iri) if attempt else None
    act = latest_act(sent) if sent else None
    return act if act and act.act == VerificationAct.Act.DECLINE else None


def _forms(request: HttpRequest, user: User, place: Place) -> dict[str, Any]:
    """Who can be asked: nobody before the module was begun, or when this attempt has been decided."""
    if place.attempt is None:
        return {}
    step = place.attempt.steps.filter(activity_key=place.activity.key).first()
    if step and step.state != Step.State.STARTED:
        return {}
    on, go = timezone.localdate(), request.POST.get("go")
    codes = list(place.prompts)
    capabilities = list(Capability.objects.filter(code__in=codes).values_list("pk", flat=True))
    one = suggested_verifiers(user, codes, on, LEAD_AND_COACH)
    may = who_may_sit(user, capabilities, on)
    return {
        "one_form": HandOverForm(
            by_room(one, timezone.now()), request.POST if go == "one" else None, label="Who do you ask?"
        ),
        "panel_form": PanelForm(
            may, outside_own_teams(may, user, on), request.POST if go == "panel" else None
        ),
    }


def _open_forms(request: HttpRequest, mine: Portfolio, act: PanelAct) -> dict[str, Any]:
    """For each place that can be given to somebody else: to whom. Whoever left this panel is not asked again."""
    user, now, capabilities = mine.owner, timezone.now(), claimed(mine)
    places, not_again = seats_of(act), who_left(act) | {member.pk for member in act.seats}
    others = who_may_sit(user, capabilities, timezone.localdate(now)).exclude(pk__in=not_again)
    return {
        f"replace_{number}": HandOverForm(
            ((other, None) for other in others),
            request.POST if request.POST.get("go") == f"replace_{number}" else None,
            label="Who do you ask instead?",
            prefix=f"place{number}",
        )
        for number, seat in enumerate(places)
        if can_be_replaced(user, seat, capabilities, now)
    }


def _sent(
    request: HttpRequest, place: Place, mine: Portfolio | None, form: forms.Form, all_forms: dict[str, Any]
) -> bool:
    """Put it forward, or give a place to somebody else. False when it cannot be done: the form says why."""
    user, attempt, key = cast(User, request.user), place.attempt, place.activity.key
    try:
        if isinstance(form, PanelForm) and attempt:
            act = put_portfolio_to_panel(attempt=attempt, activity_key=key, members=form.members)
            messages.success(request, f"Sent to {' and '.join(member.name for member in act.seats)}.")
        elif isinstance(form, HandOverForm) and form is all_forms.get("one_form") and attempt:
            put_portfolio_to_one(attempt=attempt, activity_key=key, verifier=form.person)
            messages.success(request, f"Sent to {form.person.name}.")
        elif isinstance(form, HandOverForm) and mine:
            number = 0 if form is all_forms.get("replace_0") else 1
            replace_member(portfolio=mine, by=user, place=number, to=form.person)
            messages.success(request, f"{form.person.name} is on your panel now.")
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _take_back(request: HttpRequest, mine: Portfolio, user: User) -> HttpResponse:
    try:
        take_back(portfolio=mine, by=user)
        messages.success(request, "You have taken it back. Only you can see it now.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect(request.path)


@login_required
def new_entry(request: HttpRequest, activity: UUID) -> HttpResponse:
    user, place = _place(request, activity)
    form = EntryForm(place.words, place.prompts, confirmed_practice(user), posted(request))
    if form.is_bound and form.is_valid():
        title = place.activity.title[:LONGEST_TITLE]
        try:
            add_entry(owner=user, activity_iri=place.iri, title=title, words=form.entry)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Saved. Only you can see it.")
            return redirect("curriculum:portfolio", activity)
    return _entry_page(request, place, form, None)


@login_required
def entry(request: HttpRequest, activity: UUID, number: int) -> HttpResponse:
    """Change one entry of one's own, or delete it."""
    user, place = _place(request, activity)
    found = _own_entry(user, place, number)
    deletes = request.POST.get("go") == "delete"
    given = None if deletes else posted(request)
    form = EntryForm(place.words, place.prompts, confirmed_practice(user), given, initial=_initial(found))
    if deletes or (form.is_bound and form.is_valid()):
        try:
            if deletes:
                delete_entry(entry=found, by=user)
            else:
                change_entry(entry=found, by=user, words=form.entry)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, "The entry is deleted." if deletes else "Saved. Only you can see it.")
        return redirect("curriculum:portfolio", activity)
    return _entry_page(request, place, form, found)


def _own_entry(user: User, place: Place, number: int) -> PortfolioEntry:
    mine = PortfolioEntry.objects.filter(portfolio__owner=user, portfolio__activity__iri=place.iri)
    return get_object_or_404(mine.select_related("portfolio", "capability"), pk=number)


def _initial(found: PortfolioEntry) -> dict[str, object]:
    return {
        "capability": found.capability.code,
        "on": found.on,
        "whom": found.whom,
        "changed": found.changed,
        "learned": found.learned,
        "practice": str(found.practice_id or ""),
    }


def _entry_page(
    request: HttpRequest, place: Place, form: EntryForm, found: PortfolioEntry | None
) -> HttpResponse:
    context = {**_about(place), "form": form, "entry": found}
    status = 422 if form.is_bound else 200
    return render(request, "curriculum/portfolio_entry.html", context, status=status)


@login_required
def move(request: HttpRequest, activity: UUID, number: int) -> HttpResponse:
    user, place = _place(request, activity)
    found = _own_entry(user, place, number)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        move_entry(entry=found, by=user, up=request.POST.get("go") == "up")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("curriculum:portfolio", activity)
