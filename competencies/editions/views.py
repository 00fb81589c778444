"""Pages of editions: what anyone may read, and where a named reviewer says what they think."""

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
from .forms import ReviewForm
from .queries import history, named_reviewers, reviews_for, visible_editions
from .sheet import sheet
from .states import Act


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
