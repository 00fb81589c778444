"""What happened to a person and to what they hold: who, when, what and why. No address can name another."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workforce.models import User

from ..history import history_csv, whole_history_of

ON_A_PAGE = 25


@login_required
def my_history(request: HttpRequest) -> HttpResponse:
    history = whole_history_of(cast(User, request.user))
    page = Paginator(history, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "curriculum/my_history.html", {"page": page, "total": len(history)})


@login_required
def my_history_csv(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        history_csv(whole_history_of(cast(User, request.user))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-history.csv"'},
    )
