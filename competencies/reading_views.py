"""The page of a second reader."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from .actions import give_second_reading
from .files.queries import files_of
from .forms import SecondReadingForm
from .queries import reading_of
from .views import SignedIn, claims_of


@login_required
def second_reading(request: SignedIn, number: int) -> HttpResponse:
    """Read what somebody confirmed, and say whether you would. Only the reader may; anyone else gets 404."""
    reading = reading_of(request.user, number)
    if reading is None:
        raise Http404
    form = SecondReadingForm(request.POST if request.method == "POST" else None)
    if not reading.verdict and form.is_valid():
        try:
            give_second_reading(reading=reading, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Thank you. Your answer changes nothing for the person who did this.")
            return redirect("competencies:verify-list")
    context = {
        "reading": reading,
        "practice": reading.act.practice,
        "claims": [] if reading.verdict else claims_of(reading.act.practice)[0],
        "files": () if reading.verdict else files_of(reading.act.practice),
        "form": form,
    }
    return render(request, "competencies/second_reading.html", context, status=422 if form.errors else 200)
