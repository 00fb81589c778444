"""The framework in the editing screens: for the national education lead, who also has the permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from workforce.models import User

from ..frameworks.source import BrokenFile, Mistake
from ..models import Edition, EditionCapability
from ..permissions import can_edit_framework
from . import actions, editing
from .drafting import copy_edition, empty_edition
from .forms import (
    CellForm,
    DescriptionForm,
    DomainForm,
    EquivalenceForm,
    ImportForm,
    LevelForm,
    NewCapabilityForm,
    NewEditionForm,
    OptionalWordsForm,
    SendForm,
    SourceForm,
    TierForm,
    WordingForm,
    WordsForm,
)
from .importing import import_draft
from .preview import previews
from .queries import answers, history, left_behind, organisations_by
from .sheet import sheet
from .states import MAY_FOLLOW, OF_REVIEWERS, Act

TEMPLATES = "competencies/editions/admin"
View = Callable[..., HttpResponse]


def editing_screen(view: View) -> View:
    """Only for those who may edit the framework; for everybody else the screen does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_edit_framework(cast(User, request.user), timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def answer(
    request: HttpRequest,
    template: str,
    title: str,
    context: dict[str, Any],
    edition: Edition | None = None,
    invalid: bool = False,
) -> HttpResponse:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": "Home"}]
    crumbs.append({"url": reverse("framework:index"), "label": "Framework"})
    if edition:
        here = reverse("framework:edition", args=[edition.pk])
        crumbs.append({"url": here, "label": f"Edition {edition.version}"})
    if crumbs[-1]["label"] != title:
        crumbs.append({"url": "", "label": title})
    around = {
        "header_title": title,
        "header_icon": "list-ol",
        "breadcrumbs_items": crumbs,
        "edition": edition,
        "is_draft": bool(edition and edition.state == Edition.State.DRAFT),
    }
    return TemplateResponse(
        request, f"{TEMPLATES}/{template}.html", around | context, status=422 if invalid else 200
    )


def done(form: forms.Form, change: Callable[[], object]) -> bool:
    """Whether the change was made; what stood against it becomes the form's error."""
    if not form.is_valid():
        return False
    try:
        change()
    except ValidationError as error:
        form.add_error(error.code if error.code in form.fields else None, error.messages)
        return False
    return True


def the_edition(pk: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("framework"), pk=pk)


@editing_screen
def index(request: HttpRequest) -> HttpResponse:
    editions = Edition.objects.select_related("framework").order_by("framework", "-dated", "-version")
    return answer(request, "index", "Framework", {"editions": editions})


@editing_screen
def new(request: HttpRequest) -> HttpResponse:
    form = NewEditionForm(request.POST or None)
    made: list[Edition] = []
    if request.method == "POST" and done(form, lambda: made.append(_begin(form.cleaned_data, request))):
        messages.success(request, "The draft is there. Nobody sees it before you send it for review.")
        return redirect("framework:edition", made[0].pk)
    return answer(
        request, "form", "New draft", {"form": form, "save": "Make the draft"}, invalid=form.is_bound
    )


@editing_screen
def import_page(request: HttpRequest) -> HttpResponse:
    """A draft from a file; a broken one is answered with every mistake and where it is, and nothing is stored."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    mistakes: list[Mistake] = []
    made: list[Edition] = []

    def take_in() -> None:
        given = form.cleaned_data | {"raw": form.cleaned_data["file"].read(), "by": cast(User, request.user)}
        del given["file"]
        try:
            made.append(import_draft(**given))
        except BrokenFile as error:
            mistakes.extend(error.mistakes)

    if posted and done(form, take_in) and made:
        messages.success(request, "The draft is there. Nobody sees it before you send it for review.")
        return redirect("framework:edition", made[0].pk)
    context = {"form": form, "save": "Read the file", "mistakes": mistakes}
    return answer(request, "import", "Draft from a file", context, invalid=posted)


def _begin(data: dict[str, Any], request: HttpRequest) -> Edition:
    given = {"version": data["version"], "dated": data["dated"], "by": cast(User, request.user)}
    if data["copy_of"]:
        return copy_edition(edition=data["copy_of"], **given)
    return empty_edition(framework=data["framework"], **given)


@editing_screen
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All of an edition: what can be done with it, what was said, and the grid of what is asked of whom."""
    edition = the_edition(pk)
    context = {
        "sheet": sheet(edition),
        "answers": answers(edition),
        "history": history(edition),
        "others": edition.framework.editions.exclude(pk=pk).order_by("-dated", "-version"),
        "ways": [
            (act.value, ACT_TITLES[act])
            for act in Act
            if act in MAY_FOLLOW[Edition.State(edition.state)] - OF_REVIEWERS
        ],
        "organisations": organisations_by(edition, timezone.localdate()),
    }
    return answer(request, "edition", str(edition), context, edition)


ACT_TITLES = {
    Act.SEND: "Send for review",
    Act.TAKE_BACK: "Take back to draft",
    Act.PUBLISH: "Publish",
    Act.RETIRE: "Retire",
}
ACT_FORMS: dict[Act, type[WordsForm]] = {
    Act.SEND: SendForm,
    Act.TAKE_BACK: WordsForm,
    Act.PUBLISH: OptionalWordsForm,
    Act.RETIRE: WordsForm,
}


@editing_screen
def act_page(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Send, take back, publish or retire: one form, which says what will be the case afterwards."""
    edition = the_edition(pk)
    kind = next((kind for kind in ACT_TITLES if kind == act), None)
    if kind is None or kind not in MAY_FOLLOW[Edition.State(edition.state)]:
        raise Http404
    form = ACT_FORMS[kind](request.POST or None)
    if request.method == "POST" and done(form, lambda: _do(kind, edition, form.cleaned_data, request)):
        messages.success(request, f"Edition {edition.version} is now {edition.get_state_display().lower()}.")
        return redirect("framework:edition", pk)
    context = {
        "form": form,
        "act": act,
        "save": ACT_TITLES[kind],
        "answers": answers(edition),
        "left_behind": left_behind(edition) if kind == Act.PUBLISH else [],
        "organisations": organisations_by(edition, timezone.localdate()),
    }
    return answer(request, "act", ACT_TITLES[kind], context, edition, invalid=form.is_bound)


def _do(act: Act, edition: Edition, data: dict[str, Any], request: HttpRequest) -> object:
    by, words = cast(User, request.user), data["words"]
    if act == Act.SEND:
        return actions.send_for_review(edition=edition, reviewers=data["reviewers"], by=by, words=words)
    ways: dict[Act, Callable[..., object]] = {
        Act.TAKE_BACK: actions.take_back,
        Act.PUBLISH: actions.publish,
        Act.RETIRE: actions.retire,
    }
    return ways[act](edition=edition, by=by, words=words)


@editing_screen
def details(request: HttpRequest, pk: int) -> HttpResponse:
    edition = the_edition(pk)
    form = DescriptionForm(request.POST or None, initial=DescriptionForm.initial_of(edition))
    if request.method == "POST" and done(
        form, lambda: editing.describe_edition(edition=edition, **form.cleaned_data)
    ):
        return _saved(request, edition)
    return answer(
        request,
        "form",
        "Version, date and note",
        {"form": form, "save": "Save"},
        edition,
        invalid=form.is_bound,
    )


@editing_screen
def level(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    edition = the_edition(pk)
    found = get_object_or_404(edition.levels, number=number)
    form = LevelForm(request.POST or None, initial=LevelForm.initial_of(found))

    def change() -> None:
        editing.set_levels(edition=edition, levels={number: editing.LevelSpec(**form.cleaned_data)})

    if request.method == "POST" and done(form, change):
        return _saved(request, edition, "levels")
    title = f"Level {number}"
    return answer(request, "form", title, {"form": form, "save": "Save"}, edition, invalid=form.is_bound)


@editing_screen
def domain(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    """Change a domain, or add one where no code is given."""
    edition = the_edition(pk)
    found = get_object_or_404(edition.domains, code=code) if code else None
    initial = DomainForm.initial_of(found) if found else {"order": edition.domains.count()}
    form = DomainForm(request.POST or None, initial=initial)

    def change() -> None:
        if found and "remove" in request.POST:
            editing.remove_domain(edition=edition, domain=found)
        else:
            editing.set_domain(edition=edition, domain=found, **form.cleaned_data)

    if request.method == "POST" and done(form, change):
        return _saved(request, edition, "grid")
    title = f"Domain {found.code}" if found else "New domain"
    context = {"form": form, "save": "Save", "remove": "Remove this domain" if found else ""}
    return answer(request, "form", title, context, edition, invalid=form.is_bound)


@editing_screen
def source(request: HttpRequest, pk: int) -> HttpResponse:
    edition = the_edition(pk)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: editing.set_source(edition=edition, **form.cleaned_data)
    ):
        return _saved(request, edition)
    context = {"form": form, "save": "Save", "sources": edition.sources}
    return answer(request, "sources", "Sources", context, edition, invalid=form.is_bound)


@editing_screen
def new_capability(request: HttpRequest, pk: int) -> HttpResponse:
    edition = the_edition(pk)
    form = NewCapabilityForm(edition, request.POST or None, initial={"order": edition.capabilities.count()})
    if request.method == "POST" and done(
        form, lambda: editing.add_capability(edition=edition, **form.cleaned_data)
    ):
        messages.success(request, "The capability is added. Say now what each tier is asked.")
        return redirect("framework:capability", pk, form.cleaned_data["code"])
    context = {"form": form, "save": "Add the capability"}
    return answer(request, "form", "New capability", context, edition, invalid=form.is_bound)


@editing_screen
def capability(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One capability on a page: its words, and under them what each tier and overlay is asked."""
    edition = the_edition(pk)
    wording = get_object_or_404(edition.capabilities.select_related("capability"), capability__code=code)
    whole = sheet(edition)
    row = next(row for row in whole.rows if row.pk == wording.pk)
    grace = {level.number: level.grace_days for level in whole.levels}
    form = WordingForm(edition, request.POST or None, initial=WordingForm.initial_of(wording))
    cells = [
        CellForm(cell.column, request.POST or None, initial=CellForm.initial_of(cell, grace))
        for cell in row.cells
    ]
    valid = all(cell.is_valid() for cell in cells)
    if (
        request.method == "POST"
        and valid
        and done(
            form,
            lambda: editing.set_capability(
                wording=wording, words=form.cleaned_data, cells=[(cell.column, _spec(cell)) for cell in cells]
            ),
        )
    ):
        return _saved(request, edition, f"capability-{code}")
    codes = [row.capability.code for row in whole.rows]
    place = codes.index(code)
    context = {
        "form": form,
        "cells": cells,
        "wording": wording,
        "row": row,
        "before": codes[place - 1] if place else "",
        "after": codes[place + 1] if place + 1 < len(codes) else "",
        "faults": [(cell.column.label, cell) for cell in cells if cell.errors],
    }
    return answer(request, "capability", str(wording), context, edition, invalid=form.is_bound)


def _spec(cell: CellForm) -> editing.CellSpec | None:
    data = cell.cleaned_data
    if not data["level"]:
        return None
    return editing.CellSpec(int(data["level"]), data["provenance"], data["sources"], data.get("grace_days"))


@editing_screen
def remove_capability(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    edition = the_edition(pk)
    wording: EditionCapability = get_object_or_404(
        edition.capabilities.select_related("capability", "edition"), capability__code=code
    )
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, lambda: editing.remove_capability(wording=wording)):
        return _saved(request, edition, "grid")
    context = {"form": form, "wording": wording}
    return answer(
        request, "remove", f"Remove {code} from this edition?", context, edition, invalid=form.is_bound
    )


@editing_screen
def map_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What carries over from old capabilities to new ones, row by row."""
    edition = the_edition(pk)
    form = EquivalenceForm(edition, request.POST or None)
    if request.method == "POST" and done(
        form, lambda: editing.add_equivalence(edition=edition, **form.cleaned_data)
    ):
        messages.success(request, "The row is on the map.")
        return redirect("framework:map", pk)
    context = {
        "form": form,
        "save": "Add the row",
        "rows": edition.equivalences.select_related("old_capability", "new_capability"),
        "left_behind": left_behind(edition),
    }
    return answer(request, "map", "What carries over", context, edition, invalid=form.is_bound)


@editing_screen
def remove_equivalence(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    edition = the_edition(pk)
    found = get_object_or_404(edition.equivalences.select_related("edition"), pk=row)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, lambda: editing.remove_equivalence(equivalence=found)):
        messages.success(request, "The row is gone from the map.")
        return redirect("framework:map", pk)
    context = {"form": form, "row": found}
    return answer(request, "remove_row", "Remove this row?", context, edition, invalid=form.is_bound)


@editing_screen
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the edition and its map would change on the figures of today, organisation by organisation."""
    edition = the_edition(pk)
    form = TierForm(request.GET if "tier" in request.GET else {"tier": "frontline"})
    today = timezone.localdate()
    found = previews(edition, form.cleaned_data["tier"], today) if form.is_valid() else []
    context = {"form": form, "previews": found, "on": today}
    return answer(
        request, "preview", "Preview on the figures of today", context, edition, invalid=not form.is_valid()
    )


def _saved(request: HttpRequest, edition: Edition, place: str = "") -> HttpResponse:
    messages.success(request, "Saved.")
    return redirect(reverse("framework:edition", args=[edition.pk]) + (f"#{place}" if place else ""))


class FrameworkMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_edit_framework(cast(User, request.user), timezone.localdate())


class FrameworkViewSet(ViewSet):
    """Every screen about editions, under one address and one entry of the menu."""

    name = "framework"
    icon = "list-ol"
    menu_label = "Framework"
    add_to_admin_menu = True
    menu_item_class = FrameworkMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("new/", new, name="new"),
            path("import/", import_page, name="import"),
            path("<int:pk>/", edition_page, name="edition"),
            path("<int:pk>/details/", details, name="details"),
            path("<int:pk>/sources/", source, name="sources"),
            path("<int:pk>/levels/<int:number>/", level, name="level"),
            path("<int:pk>/domains/new/", domain, name="new-domain"),
            path("<int:pk>/domains/<slug:code>/", domain, name="domain"),
            path("<int:pk>/capabilities/new/", new_capability, name="new-capability"),
            path("<int:pk>/capabilities/<slug:code>/", capability, name="capability"),
            path("<int:pk>/capabilities/<slug:code>/remove/", remove_capability, name="remove-capability"),
            path("<int:pk>/map/", map_page, name="map"),
            path("<int:pk>/map/<int:row>/remove/", remove_equivalence, name="remove-equivalence"),
            path("<int:pk>/preview/", preview_page, name="preview"),
            path("<int:pk>/<slug:act>/", act_page, name="act"),
        ]
