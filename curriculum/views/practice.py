"""Practice: write, save, choose who confirms it, send; see what became of it; take it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from competencies.actions import answer_verifier, move_practice
from competencies.capacity import by_room
from competencies.files.actions import TOO_LARGE
from competencies.files.queries import files_with
from competencies.forms import HandOverForm, WordsForm
from competencies.models import Confirmer, Practice, PracticeFile, VerificationAct
from competencies.permissions import can_move, who_may_verify_practice
from competencies.practice_states import OPEN, State, state_after
from competencies.queries import exchange, latest_act, practice_of, suggested_verifiers
from learning.iris import activity_iri

from ..actions import (
    attach_to_practice,
    erase_practice,
    remove_from_practice,
    save_draft,
    submit_practice,
    take_back_practice,
)
from ..forms import PracticeForm
from ..models import Attempt, Step
from ..outline import PORTFOLIO, Activity
from ..queries import body_of
from .attempts import about, own_attempt, posted, step_url


def practice(request: HttpRequest, attempt: Attempt, activity: Activity) -> HttpResponse:
    step = attempt.steps.filter(activity_key=activity.key).first()
    sent = practice_of(attempt.user, attempt.registration, activity_iri(activity.key))
    state = step.state if step else Step.State.STARTED
    if state != Step.State.STARTED:
        return _show(request, attempt, activity, sent)
    form = _form(request, attempt, activity, step, sent)
    if request.method == "POST" and not form.is_valid():
        save_draft(attempt=attempt, activity_key=activity.key, answers=form.kept)
    if form.is_bound and form.is_valid() and _send_or_save(request, attempt, activity, form):
        return redirect(step_url(attempt, activity))
    files = _files(attempt, activity)
    not_yet = latest_act(sent) if sent else None
    if not_yet and not_yet.act != VerificationAct.Act.DECLINE:
        not_yet = None
    body = body_of(activity)
    warns = any(block.block_type == "warning" for block in body)
    has_words = bool(files) or any(form.initial.get(code) for code in form.prompts)
    context = {
        "form": form,
        "not_yet": not_yet,
        "body": body,
        "warns": warns,
        "has_words": has_words,
        "files": files,
        "who_confirms": ", ".join(
            Confirmer(name).label[0].lower() + Confirmer(name).label[1:] for name in activity.confirmers
        ),
    }
    status = 413 if form.has_error("files", TOO_LARGE) else 200
    return render(request, "curriculum/practice.html", {**about(attempt, activity), **context}, status=status)


def _files(attempt: Attempt, activity: Activity) -> list[PracticeFile]:
    return list(files_with(attempt.user, activity_iri(activity.key), attempt.registration))


def _show(request: HttpRequest, attempt: Attempt, activity: Activity, sent: Practice | None) -> HttpResponse:
    if sent is None:
        raise Http404
    act = latest_act(sent)
    forms = _sent_forms(request, act)
    posted_form = next((form for form in forms.values() if form.is_bound), None)
    if posted_form is not None and posted_form.is_valid() and _follow_up(request, sent, posted_form):
        return redirect(step_url(attempt, activity))
    context = {
        **about(attempt, activity),
        "practice": sent,
        "act": act,
        "state": state_after(act).name,
        "is_open": state_after(act) in OPEN,
        "claims": sent.claims.all(),
        "files": _files(attempt, activity),
        "exchange": exchange(sent, attempt.user),
        "form": posted_form,
        **forms,
    }
    return render(request, "curriculum/practice_sent.html", context)


def _sent_forms(request: HttpRequest, act: VerificationAct) -> dict[str, HandOverForm | WordsForm]:
    """What the owner can send while it is with somebody: the answer to a question, and whom to move it to."""
    go = request.POST.get("go")
    forms: dict[str, HandOverForm | WordsForm] = {}
    if state_after(act) == State.ASKED:
        data = request.POST if go == "answer" else None
        forms["answer_form"] = WordsForm(data, label="Your answer", missing="Write your answer")
    now = timezone.now()
    if can_move(act, now):
        others = who_may_verify_practice(act.practice, now).exclude(pk=act.verifier_id)
        data = request.POST if go == "move" else None
        forms["move_form"] = HandOverForm(by_room(others, now), data, label="Who do you ask instead?")
    return forms


def _follow_up(request: HttpRequest, sent: Practice, form: HandOverForm | WordsForm) -> bool:
    """Answer the question or move it. False when it cannot be done any more: the form says why."""
    try:
        if isinstance(form, WordsForm):
            act = answer_verifier(practice=sent, by=sent.owner, answer=form.cleaned_data["words"])
            messages.success(request, f"Your answer is with {act.verifier.name}.")
        else:
            act = move_practice(practice=sent, by=sent.owner, to=form.person)
            messages.success(request, f"Moved to {act.verifier.name}.")
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _form(
    request: HttpRequest, attempt: Attempt, activity: Activity, step: Step | None, sent: Practice | None
) -> PracticeForm:
    """The form as the person left it: the draft, or what was sent and answered "not yet"."""
    codes = [claim.capability for claim, _ in attempt.module.claims_by(activity)]
    level = 4 if activity.kind == PORTFOLIO else 3
    verifiers = suggested_verifiers(attempt.user, codes, timezone.localdate(), level, activity.confirmers)
    draft = step.draft if step else {}
    sent_before = {claim.capability.code: claim.text for claim in sent.claims.all()} if sent else {}
    initial = {**sent_before, **draft.get("answers", {}), "verifier": draft.get("verifier") or ""}
    initial["about"] = draft.get("about") or (sent.about_id if sent else None) or ""
    # Words that waited for their author to sign in again come without files, and are not to be read anew.
    files = request.FILES if request.content_type == "multipart/form-data" else None
    people = by_room(verifiers, timezone.now())
    return PracticeForm(activity, people, posted(request), files, initial=initial)


def _send_or_save(request: HttpRequest, attempt: Attempt, activity: Activity, form: PracticeForm) -> bool:
    """Save the draft and its files always; send it if asked. False when that cannot be: the form says why."""
    key = activity.key
    save_draft(
        attempt=attempt, activity_key=key, answers=form.answers, verifier=form.verifier, about=form.about
    )
    if not _attach(attempt, activity, form):
        return False
    if "remove" in request.POST:
        return _remove(request, attempt, activity)
    if request.POST.get("go") != "send":
        messages.success(request, "Saved. Only you can see it.")
        return True
    if not form.check_complete() or form.verifier is None:
        return False
    try:
        submit_practice(
            attempt=attempt,
            activity_key=key,
            verifier=form.verifier,
            answers=form.answers,
            about=form.about,
        )
    except ValidationError as refusal:
        form.add_error("verifier", refusal.messages[0])
        return False
    messages.success(request, f"Sent to {form.verifier.name}.")
    return True


def _attach(attempt: Attempt, activity: Activity, form: PracticeForm) -> bool:
    """Keep each file that we take. False when one is refused: the form says which, and what to do."""
    for file in form.cleaned_data["files"]:
        try:
            attach_to_practice(
                attempt=attempt, activity_key=activity.key, name=file.name, content=file, length=file.size
            )
        except ValidationError as refusal:
            form.add_error("files", refusal)
    return not form.has_error("files")


def _remove(request: HttpRequest, attempt: Attempt, activity: Activity) -> bool:
    asked = request.POST["remove"]
    file = next((file for file in _files(attempt, activity) if str(file.uuid) == asked), None)
    if file is None:
        messages.error(request, "That file was removed before.")
    else:
        remove_from_practice(attempt=attempt, activity_key=activity.key, file=file)
        messages.success(request, f"“{file.name}” is removed. Your words are saved.")
    return True


@own_attempt
@require_POST
def draft(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    """What site.js saves while the person writes. Without JavaScript the button does the same."""
    found = attempt.module.activity_by_key.get(activity)
    if found is None or not found.is_practice:
        raise Http404
    step = attempt.steps.filter(activity_key=found.key).first()
    form = _form(request, attempt, found, step, None)
    valid = form.is_valid()
    try:
        save_draft(
            attempt=attempt,
            activity_key=found.key,
            answers=form.kept,
            verifier=form.verifier,
            about=form.about,
        )
    except ValidationError:
        return HttpResponse(status=409)
    return HttpResponse(status=204 if valid else 422)


@own_attempt
@require_POST
def take_back(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    found = attempt.module.activity_by_key.get(activity)
    if found is None:
        raise Http404
    try:
        take_back_practice(attempt=attempt, activity_key=found.key)
        messages.success(request, "You have taken it back. Only you can see it now.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect(step_url(attempt, found))


@own_attempt
@require_POST
def erase(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    found = attempt.module.activity_by_key.get(activity)
    if found is None:
        raise Http404
    try:
        erase_practice(attempt=attempt, activity_key=found.key)
        messages.success(request, "What you wrote is deleted.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect(step_url(attempt, found))
