"""Addresses under the record's own at which there is nothing: whoever speaks xAPI reads JSON, and not a page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from .answers import refusal
from .bodies import hear_out


@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    hear_out(request)
    return refusal(404, "There is no such resource. Statements are at /xapi/statements.")
