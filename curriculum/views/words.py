"""The word list: what NHS and safety words mean, for anyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import GlossaryTerm


def words(request: HttpRequest) -> HttpResponse:
    return render(request, "curriculum/words.html", {"terms": GlossaryTerm.objects.filter(live=True)})
