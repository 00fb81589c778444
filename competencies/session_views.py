"""Sessions that a team held together: recording one, and answering those who were there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from .actions import answer_team_session, record_team_session
from .capacity import next_confirmation
from .forms import SessionAnswerForm, SessionForm
from .queries import practice_of_session, sessions_of, sessions_to_record
from .queries.team_sessions import ToRecord, people_of_session
from .views import SignedIn, claims_of


@login_required
def record_session(request: SignedIn) -> HttpResponse:
    """Choose the session by its activity and team, then say when it was and who was there."""
    today = timezone.localdate()
    possible = sessions_to_record(request.user, today)
    chosen = _chosen(request, possible)
    if chosen is None:
        return render(request, "competencies/session_choose.html", {"possible": possible})
    people = people_of_session(request.user, chosen.activity, chosen.team, today, today)
    posted = request.POST if request.method == "POST" else None
    form = SessionForm(people, posted, initial={"title": chosen.title, "day": today})
    if form.is_valid():
        try:
            session = record_team_session(
                by=request.user,
                team=chosen.team,
                activity=chosen.activity,
                title=form.cleaned_data["title"],
                day=form.cleaned_data["day"],
                present=form.who_was_there,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            return redirect("competencies:answer-session", session.pk)
    status = 422 if form.errors else 200
    return render(
        request, "competencies/session_record.html", {"form": form, "chosen": chosen}, status=status
    )


def _chosen(request: SignedIn, possible: list[ToRecord]) -> ToRecord | None:
    asked = request.GET.get("activity"), request.GET.get("team")
    return next((one for one in possible if (str(one.activity.pk), str(one.team.pk)) == asked), None)


@login_required
def answer_session(request: SignedIn, number: int) -> HttpResponse:
    """Read what each person who was there wrote, and answer all of them in one go."""
    session = sessions_of(request.user).filter(pk=number).first()
    if session is None:
        raise Http404
    acts = list(practice_of_session(session))
    posted = request.POST if request.method == "POST" else None
    forms = [SessionAnswerForm(act.practice, posted) for act in acts]
    refused = ""
    right = [form.is_valid() for form in forms]
    if posted is not None and all(right):
        try:
            given = answer_team_session(
                session=session,
                by=request.user,
                confirmed=[form.practice for form in forms if form.said == SessionAnswerForm.CONFIRM],
                not_yet={
                    form.practice: form.cleaned_data["reason"]
                    for form in forms
                    if form.said == SessionAnswerForm.NOT_YET
                },
            )
        except ValidationError as refusal:
            refused = refusal.messages[0]
        else:
            messages.success(request, f"You answered {len(given)} of {len(forms)}.")
            return redirect("competencies:verify-list")
    wrong = bool(refused) or any(form.errors for form in forms)
    context = {
        "session": session,
        "pieces": list(zip(forms, claims_of(*(act.practice for act in acts)), strict=True)),
        "faults": [
            (fault, "#" + form[name].auto_id + ("_0" if name == "decision" else ""))
            for form in forms
            for name, faults in form.errors.items()
            for fault in faults
        ],
        "refused": refused,
        "free_from": None
        if session.confirmations.exists()
        else next_confirmation(request.user, timezone.now()),
    }
    return render(request, "competencies/session_answer.html", context, status=422 if wrong else 200)
