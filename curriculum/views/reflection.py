"""Private self-reflection. Every page starts from the person who asks for it; no address can name another."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_post_parameters

from workforce.models import User

from ..actions import delete_reflection, write_reflection
from ..forms import ReflectionForm
from ..queries import reflections_of
from ..reflection import questions
from .attempts import posted


@login_required
def my_reflection(request: HttpRequest) -> HttpResponse:
    """The questions, with the day of what was written. Posting here deletes all of it for good."""
    user = cast(User, request.user)
    if request.method == "POST":
        delete_reflection(user=user)
        messages.success(request, "Everything you wrote here is deleted.")
        return redirect("curriculum:my-reflection")
    written = reflections_of(user)
    context = {
        "questions": [(number, text, written.get(number)) for number, text in questions().items()],
        "has_written": bool(written),
    }
    return render(request, "curriculum/my_reflection.html", context)


@sensitive_post_parameters("text")
@login_required
def reflection(request: HttpRequest, number: int) -> HttpResponse:
    """One question: write, change, delete for good."""
    user, asked = cast(User, request.user), questions()
    if number not in asked:
        raise Http404
    if request.method == "POST" and request.POST.get("go") == "delete":
        delete_reflection(user=user, number=number)
        messages.success(request, "What you wrote is deleted.")
        return redirect("curriculum:reflection", number)
    written = reflections_of(user).get(number)
    form = ReflectionForm(posted(request), initial={"text": written.text if written else ""})
    if request.method == "POST" and form.is_valid():
        write_reflection(user=user, number=number, text=form.cleaned_data["text"])
        messages.success(request, "Saved. Only you can see it.")
        return redirect("curriculum:reflection", number)
    context = {
        "number": number,
        "question": asked[number],
        "written": written,
        "form": form,
        "before": asked.get(number - 1),
        "after": asked.get(number + 1),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "curriculum/reflection.html", context, status=status)


@login_required
def my_reflection_text(request: HttpRequest) -> HttpResponse:
    """All that the person wrote, as a text file for them to keep."""
    written, asked = reflections_of(cast(User, request.user)), questions()
    parts = ["My reflection"]
    for number, mine in sorted(written.items()):
        day = date_format(timezone.localdate(mine.changed_at), "j F Y")
        parts.append(f"{number}. {asked[number]}\n{day}\n\n{mine.text}")
    if not written:
        parts.append("You have not written anything.")
    return HttpResponse(
        "\n\n\n".join(parts) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="my-reflection.txt"'},
    )
