"""What may be sent to a page that takes files."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from competencies.models.files import LARGEST_FILE, MOST_FILES

from .attempts import View

# All files at their largest, and room for the words.
MOST_SENT = MOST_FILES * LARGEST_FILE + 2 * 1024 * 1024


def up_to_what_may_be_sent(view: View) -> View:
    """Answer 413 before a body is read that can only be too large.

    The check against forged requests reads the body. So it comes after this, instead of before every view.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SENT:
            return render(request, "curriculum/too_large.html", {"back": request.path}, status=413)
        return protected(request, *args, **kwargs)

    return guarded
