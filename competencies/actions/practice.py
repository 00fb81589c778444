"""What happens to practice, from putting it forward to a decision. Each is an act, and some are statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from learning import verbs
from learning.actions import actor_for, store_statements
from learning.models import Activity, Statement
from workforce.models import User

from ..calibration import is_drawn
from ..capacity import next_confirmation
from ..files.actions import erase_files
from ..models import Capability, Confirmer, Practice, PracticeClaim, TeamSession, VerificationAct
from ..permissions import can_move, who_may_verify, who_may_verify_practice
from ..practice_states import MAY_FOLLOW, OF_THE_OWNER, OPEN, state_after
from ..signatures import signature_of
from .second_readings import ask_second_reader, erase_readings
from .telling import tell_of

Act = VerificationAct.Act
MOST_CLAIMS = 2


@dataclass(frozen=True)
class ClaimAnswer:
    """What a person wrote to the prompt of one capability, and the level that it is put forward for."""

    capability_code: str
    level: int
    prompt: str
    text: str


@transaction.atomic
def request_verification(
    *,
    owner: User,
    verifier: User,
    activity_iri: str,
    registration: UUID,
    title: str,
    answers: Sequence[ClaimAnswer],
    confirmers: Collection[str] = (Confirmer.COLLEAGUE,),
    together: bool = False,
    about: User | None = None,
    at: datetime | None = None,
) -> Practice:
    """Put practice forward to a person of the owner's choice, for the first time or again.

    `confirmers` is who the activity says may confirm it; `together` that a team may be confirmed at once for a
    session; `about` is somebody who must never be asked.

    Raises ValidationError when an answer is empty, when there are more than two awards, when it already waits
    or is confirmed, or when the person chosen may not confirm it.
    """
    at = at or timezone.now()
    codes = {c.code: c for c in Capability.objects.filter(code__in=[a.capability_code for a in answers])}
    _check_answers(answers)
    capabilities, level = [codes[a.capability_code].pk for a in answers], max(a.level for a in answers)
    may = who_may_verify(owner, capabilities, timezone.localdate(at), level, confirmers, about)
    if not may.filter(pk=verifier.pk).exists():
        raise ValidationError("That person cannot confirm this. Choose someone from the list.")
    activity = Activity.objects.named(activity_iri)
    practice, _ = Practice.objects.get_or_create(
        registration=registration,
        activity=activity,
        defaults={
            "uuid": uuid5(registration, activity_iri),
            "owner": owner,
            "title": title,
            "created_at": at,
        },
    )
    practice = _lock(practice)
    if Act.REQUEST not in MAY_FOLLOW[state_after(_latest(practice))]:
        raise ValidationError("This is already with the person you asked, or confirmed.")
    practice.confirmers, practice.together, practice.about = list(confirmers), together, about
    practice.save(update_fields=["confirmers", "together", "about"])
    practice.claims.exclude(capability__in=codes.values()).delete()
    for answer in answers:
        PracticeClaim.objects.update_or_create(
            practice=practice,
            capability=codes[answer.capability_code],
            defaults={"level": answer.level, "prompt": answer.prompt, "text": answer.text},
        )
    _add(practice, Act.REQUEST, by=owner, verifier=verifier, at=at)
    return practice


def _check_answers(answers: Sequence[ClaimAnswer]) -> None:
    if not 1 <= len(answers) <= MOST_CLAIMS:
        raise ValidationError(
            f"One activity can support 1 or {MOST_CLAIMS} capabilities, not {len(answers)}."
        )
    for answer in answers:
        if not answer.text.strip():
            raise ValidationError(f"Write an answer to: {answer.prompt}")


@transaction.atomic
def withdraw_practice(*, practice: Practice, by: User, at: datetime | None = None) -> VerificationAct:
    """The owner takes practice back before it is decided."""
    practice = _lock(practice)
    latest = _undecided(practice, Act.WITHDRAW, by)
    return _add(practice, Act.WITHDRAW, by=by, verifier=latest.verifier, at=at, about=latest)


@transaction.atomic
def verify(*, practice: Practice, by: User, at: datetime | None = None) -> VerificationAct:
    """The person asked confirms the practice. The record then gives the owner what it was put forward for."""
    at = at or timezone.now()
    lock_verifier(by)
    check_room(by, at)
    return confirm(practice=practice, by=by, at=at)


def check_room(verifier: User, at: datetime) -> None:
    """Raises ValidationError when the person has confirmed as much as they may for now."""
    free_from = next_confirmation(verifier, at)
    if free_from is not None:
        raise ValidationError(
            f"You have confirmed {settings.VERIFICATIONS_A_WEEK} in 7 days, and that is the most for now. "
            f"You can confirm the next one from {_day_and_time(free_from)}."
        )


def lock_verifier(verifier: User) -> None:
    """One confirmation of a person at a time, so that two at the same moment are both counted. Before any practice."""
    User.objects.select_for_update(no_key=True).get(pk=verifier.pk)


def confirm(
    *, practice: Practice, by: User, at: datetime, session: TeamSession | None = None
) -> VerificationAct:
    """Append the confirmation, signed, and ask a second reader if it is drawn. Inside a transaction with the lock."""
    practice = _lock(practice)
    latest = _undecided(practice, Act.VERIFY, by)
    if not who_may_verify_practice(practice, at).filter(pk=by.pk).exists():
        raise ValidationError(
            "You can no longer confirm this. Say not yet, and ask them to choose somebody else."
        )
    act = _add(practice, Act.VERIFY, by=by, verifier=by, at=at, about=latest, session=session)
    if is_drawn(act.statement_id):
        ask_second_reader(act=act)
    return act


def _day_and_time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


@transaction.atomic
def decline(*, practice: Practice, by: User, reason: str, at: datetime | None = None) -> VerificationAct:
    """The person asked answers "not yet" and says what would make it a yes."""
    if not reason.strip():
        raise ValidationError("Say what would make it a yes.")
    practice = _lock(practice)
    latest = _undecided(practice, Act.DECLINE, by)
    return _add(practice, Act.DECLINE, by=by, verifier=by, at=at, about=latest, reason=reason)


@transaction.atomic
def move_practice(*, practice: Practice, by: User, to: User, at: datetime | None = None) -> VerificationAct:
    """The owner gives practice to somebody else, where the first person has left or is silent."""
    at = at or timezone.now()
    practice = _lock(practice)
    latest = _undecided(practice, Act.MOVE, by)
    if not can_move(latest, at):
        raise ValidationError("You cannot move this yet. You can take it back, and then ask somebody else.")
    _check_next(latest, to, at)
    return _add(practice, Act.MOVE, by=by, verifier=to, at=at, about=latest)


@transaction.atomic
def pass_on(
    *, practice: Practice, by: User, to: User, reason: str = "", at: datetime | None = None
) -> VerificationAct:
    """The person asked gives practice to somebody else who may confirm it. Its owner sees that."""
    at = at or timezone.now()
    practice = _lock(practice)
    latest = _undecided(practice, Act.PASS_ON, by)
    _check_next(latest, to, at)
    return _add(practice, Act.PASS_ON, by=by, verifier=to, at=at, about=latest, reason=reason)


def _check_next(latest: VerificationAct, to: User, at: datetime) -> None:
    may = who_may_verify_practice(latest.practice, at).exclude(pk=latest.verifier_id)
    if not may.filter(pk=to.pk).exists():
        raise ValidationError("That person cannot confirm this. Choose someone from the list.")


@transaction.atomic
def ask_question(
    *, practice: Practice, by: User, question: str, at: datetime | None = None
) -> VerificationAct:
    """The person asked wants to know something before they decide. They may still decide without an answer."""
    if not question.strip():
        raise ValidationError("Write your question.")
    practice = _lock(practice)
    latest = _undecided(practice, Act.ASK, by)
    return _add(practice, Act.ASK, by=by, verifier=by, at=at, about=latest, reason=question)


@transaction.atomic
def answer_verifier(
    *, practice: Practice, by: User, answer: str, at: datetime | None = None
) -> VerificationAct:
    """The owner answers the question of the person asked."""
    if not answer.strip():
        raise ValidationError("Write your answer.")
    practice = _lock(practice)
    latest = _undecided(practice, Act.ANSWER, by)
    return _add(practice, Act.ANSWER, by=by, verifier=latest.verifier, at=at, about=latest, reason=answer)


@transaction.atomic
def erase_words(*, practice: Practice, by: User) -> None:
    """The owner deletes what they wrote, with what was asked and answered about it, and the files put with it.

    That it was put forward, and what was decided, stays on the record.

    Practice that waits for an answer is taken back first: nobody can confirm words that are gone.
    """
    practice = _lock(practice)
    if practice.owner != by:
        raise ValidationError("Only the person who wrote this can delete it.")
    if state_after(_latest(practice)) in OPEN:
        raise ValidationError("Take this back first. Then you can delete your words.")
    practice.claims.update(text="")
    Practice.objects.filter(pk=practice.pk).update(about=None)
    practice.acts.filter(act__in=(Act.ASK, Act.ANSWER, Act.PASS_ON)).update(reason="")
    erase_files(owner=practice.owner, activity=practice.activity, registration=practice.registration)
    erase_readings(practice=practice)


def _lock(practice: Practice) -> Practice:
    return Practice.objects.select_for_update().select_related("owner", "activity").get(pk=practice.pk)


def _latest(practice: Practice) -> VerificationAct | None:
    """The newest act that stands: a confirmation that was voided on the record no longer does."""
    return (
        practice.acts.filter(statement__voided_at=None).select_related("statement").order_by("number").last()
    )


def _undecided(practice: Practice, act: Act, by: User) -> VerificationAct:
    """The newest act, where the table lets `act` follow it and `by` is the one whose turn that is."""
    latest = _latest(practice)
    if latest is None or act not in MAY_FOLLOW[state_after(latest)]:
        raise ValidationError(NOT_NOW.get(act, "This is no longer waiting for an answer."))
    if by.pk != (practice.owner_id if act in OF_THE_OWNER else latest.verifier_id):
        raise ValidationError("This is not with you. Look at your list for what waits for you.")
    return latest


NOT_NOW = {
    Act.ASK: "You have asked a question, or this is no longer waiting. Look at it again.",
    Act.ANSWER: "There is no question to answer here.",
}


STATEMENT_VERBS = {
    Act.REQUEST: verbs.SUBMITTED,
    Act.WITHDRAW: verbs.RETRACTED,
    Act.VERIFY: verbs.VERIFIED,
    Act.DECLINE: verbs.DECLINED,
}


def _add(
    practice: Practice,
    act: Act,
    *,
    by: User,
    verifier: User,
    at: datetime | None,
    about: VerificationAct | None = None,
    reason: str = "",
    session: TeamSession | None = None,
) -> VerificationAct:
    """Append an act with its statement, or resting on that of the request. No words go into a statement."""
    at = at or timezone.now()
    number = practice.acts.count() + 1
    statement_id = uuid5(practice.uuid, f"{number} {act}")
    signed = signature_of(by, practice.owner, timezone.localdate(at)) if act == Act.VERIFY else None
    new = VerificationAct(
        practice=practice,
        number=number,
        act=act,
        owner=practice.owner,
        verifier=verifier,
        by=by,
        at=at,
        reason=reason,
        session=session,
        signed_name=signed.name if signed else "",
        signed_role=signed.role if signed else "",
        signed_registration=signed.registration if signed else "",
        statement_id=about.statement_id if about and act not in STATEMENT_VERBS else statement_id,
    )
    new.full_clean(exclude=["statement"])
    if act in STATEMENT_VERBS:
        _state(new, about)
    new.statement = Statement.objects.get(pk=new.statement_id)
    new.save()
    tell_of(new, about)
    return new


def _state(act: VerificationAct, about: VerificationAct | None) -> None:
    """Put the act on the record."""
    about_object = (
        {"objectType": "StatementRef", "id": str(about.statement_id)}
        if about
        else {"objectType": "Activity", "id": act.practice.activity.iri}
    )
    statement = {
        "id": str(act.statement_id),
        "actor": actor_for(act.by),
        "verb": verbs.verb(STATEMENT_VERBS[Act(act.act)]),
        "object": about_object,
        "context": {
            "registration": str(act.practice.registration),
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": act.practice.activity.iri}]},
        },
        "timestamp": act.at.isoformat(),
    }
    store_statements(statements=[statement], at=act.at)
