"""Pages of editions: what anyone may read, and where a named reviewer says what they think."""

import json
from collections.abc import Callable
from datetime import datetime, time
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from workforce.models import User

from ..models import Edition
from ..permissions import can_edit_framework
from .actions import say
from .case import package
from .changes import as_text, changes
from .forms import ReviewForm
from .queries import history, named_reviewers, reviews_for, visible_editions
from .sheet import Sheet, sheet
from .states import Act
from .writing import as_csv, as_json


def _visible(request: HttpRequest) -> QuerySet[Edition]:
    return visible_editions(request.user, timezone.localdate())


def framework(request: HttpRequest) -> HttpResponse:
    """Every edition that the reader may see, and those that wait for them."""
    context = {
        "editions": _visible(request),
        "reviews": reviews_for(request.user),
        "can_edit": can_edit_framework(request.user, timezone.localdate()),
    }
    return render(request, "competencies/editions/framework.html", context)


def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What an edition asks of whom, and where each cell comes from."""
    edition = get_object_or_404(_visible(request), pk=pk)
    context = {
        "edition": edition,
        "sheet": sheet(edition),
        "earlier": _visible(request).filter(framework=edition.framework).exclude(pk=pk),
        "is_reviewer": request.user.is_authenticated and _may_review(request, edition),
    }
    return render(request, "competencies/editions/edition.html", context)


WRITERS: dict[str, tuple[str, Callable[[Sheet], str]]] = {
    "framework.json": ("application/json", as_json),
    "cells.csv": ("text/csv; charset=utf-8", as_csv),
    "case-1.0.json": ("application/json", lambda sheet: _case(sheet, "1.0")),
    "case-1.1.json": ("application/json", lambda sheet: _case(sheet, "1.1")),
}


def edition_file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The edition as a file that other systems read, and that can come back as a draft."""
    edition = get_object_or_404(_visible(request), pk=pk)
    if name not in WRITERS:
        raise Http404
    kind, write = WRITERS[name]
    saved_as = f"{edition.framework.key}-{edition.pk}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{saved_as}"'}
    return HttpResponse(write(sheet(edition)), content_type=kind, headers=headers)


def _case(sheet: Sheet, version: str) -> str:
    """Last changed when the newest act was done; an edition from before acts were kept, on the day it is dated."""
    act = sheet.edition.acts.order_by("-number").first()
    begun = datetime.combine(sheet.edition.dated, time(), timezone.get_current_timezone())
    return json.dumps(package(sheet, act.at if act else begun, version), ensure_ascii=False, indent=1) + "\n"


def changes_page(request: HttpRequest, pk: int, earlier: int) -> HttpResponse:
    """What an edition changes of another, in words."""
    old, new = _two(request, pk, earlier)
    context = {"edition": new.edition, "earlier": old.edition, "changes": changes(old, new)}
    return render(request, "competencies/editions/changes.html", context)


def changes_text(request: HttpRequest, pk: int, earlier: int) -> HttpResponse:
    return HttpResponse(as_text(*_two(request, pk, earlier)), content_type="text/plain; charset=utf-8")


def _two(request: HttpRequest, pk: int, earlier: int) -> tuple[Sheet, Sheet]:
    new = get_object_or_404(_visible(request), pk=pk)
    old = get_object_or_404(_visible(request).filter(framework=new.framework), pk=earlier)
    return sheet(old), sheet(new)


def _may_review(request: HttpRequest, edition: Edition) -> bool:
    return edition.state == Edition.State.IN_REVIEW and request.user in named_reviewers(edition)


@login_required
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for those who were named, while it is in review."""
    edition = get_object_or_404(_visible(request), pk=pk)
    if not _may_review(request, edition):
        raise Http404
    form = ReviewForm(edition, request.POST or None, initial=_asked_about(request))
    if request.method == "POST" and form.is_valid() and _said(form, edition, cast(User, request.user)):
        messages.success(
            request, "Your answer is on record. You can add to it until the edition is published."
        )
        return redirect("competencies:edition-review", pk)
    context = {"edition": edition, "form": form, "history": history(edition)}
    return render(request, "competencies/editions/review.html", context, status=422 if form.errors else 200)


def _asked_about(request: HttpRequest) -> dict[str, Any]:
    """Where they came from: a link beside a capability names it."""
    return {"capability": request.GET.get("capability", ""), "act": Act.COMMENT.value}


def _said(form: ReviewForm, edition: Edition, by: User) -> bool:
    try:
        say(edition=edition, by=by, **form.about())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
