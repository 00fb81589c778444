"""Practice: written as a draft that only its author sees, then put to one person of the author's choice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from competencies.actions import ClaimAnswer, erase_words, request_verification, withdraw_practice
from competencies.files.actions import attach_file, erase_files, remove_file
from competencies.models import Practice, PracticeFile
from competencies.practice_states import OPEN, State, state_after
from competencies.queries import latest_act, practice_of
from learning import verbs
from learning.iris import activity_iri
from learning.models import Activity as RecordedActivity
from learning.models import Statement
from workforce.models import User

from ..models import Attempt, Step
from ..outline import Activity
from .attempts import activity_of, close_if_finished, lock_attempt, locked_step

LONGEST_ANSWER = 10_000
LONGEST_TITLE = 200


@transaction.atomic
def save_draft(
    *,
    attempt: Attempt,
    activity_key: UUID,
    answers: Mapping[str, str],
    verifier: User | None = None,
    about: User | None = None,
    at: datetime | None = None,
) -> Step:
    """Keep what a person has written so far (capability code to text). Nobody else sees it."""
    activity = _practice(attempt, activity_key)
    step = locked_step(attempt, activity)
    if step.state != Step.State.STARTED:
        raise ValidationError("This has been sent. Take it back first if you want to change it.")
    known = {prompt.capability for prompt in activity.prompts}
    kept = {code: text[:LONGEST_ANSWER] for code, text in answers.items() if code in known}
    step.draft = {
        "answers": kept,
        "verifier": verifier.pk if verifier else None,
        "about": about.pk if about else None,
    }
    step.save(update_fields=["draft"])
    return step


@transaction.atomic
def submit_practice(
    *,
    attempt: Attempt,
    activity_key: UUID,
    verifier: User,
    answers: Mapping[str, str],
    about: User | None = None,
    at: datetime | None = None,
) -> Practice:
    """Put practice to a person. Raises ValidationError, in words for its author, when it cannot be sent."""
    activity = _practice(attempt, activity_key)
    step = locked_step(attempt, activity)
    practice = request_verification(
        owner=attempt.user,
        verifier=verifier,
        activity_iri=activity_iri(activity.key),
        registration=attempt.registration,
        title=activity.title[:LONGEST_TITLE],
        answers=_claim_answers(attempt, activity, answers),
        confirmers=activity.confirmers,
        together=activity.confirm_together,
        about=about,
        at=at,
    )
    # The words live on in the practice, which the person asked can see; the draft is no longer needed.
    step.state, step.draft = Step.State.SENT, {}
    step.save(update_fields=["state", "draft"])
    return practice


@transaction.atomic
def attach_to_practice(
    *,
    attempt: Attempt,
    activity_key: UUID,
    name: str,
    content: BinaryIO,
    length: int,
    at: datetime | None = None,
) -> PracticeFile:
    """Put a file with the draft. Raises ValidationError, in words for its author, when we do not take it."""
    activity = _practice(attempt, activity_key)
    locked_step(attempt, activity)
    return attach_file(
        owner=attempt.user,
        activity_iri=activity_iri(activity.key),
        registration=attempt.registration,
        name=name,
        content=content,
        length=length,
        at=at,
    )


@transaction.atomic
def remove_from_practice(*, attempt: Attempt, activity_key: UUID, file: PracticeFile) -> None:
    """Take a file out of the draft."""
    locked_step(attempt, _practice(attempt, activity_key))
    remove_file(file=file, by=attempt.user)


@transaction.atomic
def take_back_practice(*, attempt: Attempt, activity_key: UUID, at: datetime | None = None) -> Step:
    """Withdraw practice that waits; its words become the draft again."""
    activity = _practice(attempt, activity_key)
    step = locked_step(attempt, activity)
    practice = practice_of(attempt.user, attempt.registration, activity_iri(activity.key))
    if practice is None or step.state != Step.State.SENT:
        raise ValidationError("There is nothing to take back.")
    act = withdraw_practice(practice=practice, by=attempt.user, at=at)
    answers = {claim.capability.code: claim.text for claim in practice.claims.all()}
    step.refresh_from_db()
    step.draft = {"answers": answers, "verifier": act.verifier_id, "about": practice.about_id}
    step.save(update_fields=["draft"])
    return step


@transaction.atomic
def erase_practice(*, attempt: Attempt, activity_key: UUID, at: datetime | None = None) -> Step:
    """Delete what the person wrote and attached, draft and all. What was decided about it stays."""
    activity = _practice(attempt, activity_key)
    step = locked_step(attempt, activity)
    practice = practice_of(attempt.user, attempt.registration, activity_iri(activity.key))
    if practice is not None:
        erase_words(practice=practice, by=attempt.user)
    recorded = RecordedActivity.objects.named(activity_iri(activity.key))
    erase_files(owner=attempt.user, activity=recorded, registration=attempt.registration)
    step.draft = {}
    step.save(update_fields=["draft"])
    return step


_STATES = {
    verbs.VERIFIED: Step.State.DONE,
    verbs.CONFERRED: Step.State.DONE,
    verbs.DECLINED: Step.State.STARTED,
    verbs.RETRACTED: Step.State.STARTED,
}


def follow_verification(*, statements: Sequence[Statement], voided: bool = False) -> None:
    """Bring steps in line with what the record says of their practice: confirmed, not yet, withdrawn or voided.

    The record asks this inside the transaction that stores. Most statements are about none.
    """
    for statement in statements:
        concerns = statement.verb in _STATES or (voided and statement.verb == verbs.SUBMITTED)
        # Only this system's own word closes a step, never that of somebody who may write to the record.
        if not concerns or statement.registration is None or statement.credential_id is not None:
            continue
        attempt = (
            Attempt.objects.select_related("version").filter(registration=statement.registration).first()
        )
        if attempt is not None:
            _follow(attempt, statement, voided)


@transaction.atomic
def _follow(attempt: Attempt, statement: Statement, voided: bool) -> None:
    lock_attempt(attempt)
    for activity in attempt.module.practice:
        if activity_iri(activity.key) in statement.activity_iris:
            state, at = _left(attempt, activity) if voided else (_STATES[statement.verb], statement.timestamp)
            done_at = at if state == Step.State.DONE else None
            attempt.steps.filter(activity_key=activity.key).update(state=state, done_at=done_at)
    close_if_finished(attempt, statement.timestamp)


def _left(attempt: Attempt, activity: Activity) -> tuple[str, datetime | None]:
    """Where the step is once something about its practice was voided, and since when: what still stands says it."""
    practice = practice_of(attempt.user, attempt.registration, activity_iri(activity.key))
    if practice is None:
        return Step.State.STARTED, None
    act = latest_act(practice)
    if state_after(act) in OPEN:
        return Step.State.SENT, act.at
    return (Step.State.DONE if state_after(act) == State.CONFIRMED else Step.State.STARTED), act.at


def _claim_answers(attempt: Attempt, activity: Activity, answers: Mapping[str, str]) -> list[ClaimAnswer]:
    """One answer for each prompt whose capability the activity shows, in the order of the prompts.

    A claim only for some people may be empty.
    """
    prompts = {prompt.capability: prompt.text for prompt in activity.prompts}
    places = {capability: place for place, capability in enumerate(prompts)}
    claims = sorted(
        attempt.module.claims_by(activity),
        key=lambda named: places.get(named[0].capability, len(places)),
    )
    return [
        ClaimAnswer(
            claim.capability,
            level,
            prompts.get(claim.capability, activity.title),
            answers.get(claim.capability, ""),
        )
        for claim, level in claims
        if not claim.when or answers.get(claim.capability, "").strip()
    ]


def _practice(attempt: Attempt, activity_key: UUID) -> Activity:
    activity = activity_of(attempt, activity_key)
    if not activity.is_practice:
        raise ValidationError("This part is not confirmed by anybody.")
    return activity
