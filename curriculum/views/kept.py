"""What somebody sends after their session has ended is kept until they have signed in again.

It waits in the browser's own anonymous session, is given back to the same address only, and only when the
attempt at that address belongs to the person who signed in; for anybody else it is thrown away.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url

from ..models import Attempt

_KEPT = "kept_answer"
# Two answers of the longest kind, each character written as up to 12.
LONGEST = 300_000


def ask_to_sign_in(request: HttpRequest, registration: UUID) -> HttpResponse:
    """Send to the sign-in page and back here; what a POST carried is kept."""
    if not Attempt.objects.filter(registration=registration).exists():
        raise Http404
    if request.method == "POST":
        if request.FILES:
            messages.error(request, "Files cannot be kept while you sign in. Attach them again.")
        sent = request.POST.copy()
        sent.pop("csrfmiddlewaretoken", None)
        if len(body := sent.urlencode()) <= LONGEST:
            request.session[_KEPT] = {"path": request.path, "body": body}
        else:
            messages.error(
                request, "What you sent was too long to keep while you sign in. Go back and copy it first."
            )
    return redirect(f"{resolve_url('sign-in')}?{urlencode({'next': request.path})}")


def give_back(request: HttpRequest, *, is_owner: bool) -> None:
    """If something was kept for this address, let its owner's request carry it, as if it were sent now.

    On another page of their own it goes on waiting: they may come to its address later.
    """
    if _KEPT not in request.session:
        return
    if is_owner and request.session[_KEPT]["path"] != request.path:
        return
    kept = request.session.pop(_KEPT)
    if is_owner and request.method == "GET":
        request.method = "POST"
        request.POST = QueryDict(kept["body"])
        messages.success(request, "You were signed out for a while. What you had just sent was kept.")
