"""Practice of others that waits for the asker's answer, and what they can say."""

from uuid import UUID

from django.db.models import Max, Q
from django.http import HttpRequest
from ninja import Router

from ..actions import ask_question, decline, pass_on, verify
from ..models import Practice
from ..practice_states import OPEN, STATE_AFTER
from ..queries import practice_asked_of, waiting_for
from .auth import TO_ACT, TO_READ, asker
from .paging import Limit, page
from .practice import LOST, After, chosen, in_full, in_short, names_of
from .problems import NotHere
from .shapes import PassOn, PracticeInFull, PracticePage, Question, Reason

router = Router(tags=["Practice that waits for your answer"])


@router.get(
    "/verification",
    auth=TO_READ,
    response=PracticePage,
    url_name="verification",
    operation_id="verification",
    summary="What waits for your answer",
)
def waiting(request: HttpRequest, after: After = None, limit: Limit = 50) -> PracticePage:
    """What you were asked to confirm and have not decided, oldest first."""
    user = asker(request).user
    rows = (
        waiting_for(user)
        .select_related("practice__owner", "by", "verifier", "statement")
        .order_by("at", "practice__uuid")
    )
    if after:
        last = _asked_since(user.pk, after)
        rows = rows.filter(Q(at__gt=last) | Q(at=last, practice__uuid__gt=after))
    shown, following = page(request, rows, limit, lambda act: str(act.practice.uuid))
    names = names_of([act.practice for act in shown])
    return PracticePage(items=[in_short(act.practice, act, names) for act in shown], next=following)


def _asked_since(user: int, uuid: UUID) -> object:
    """Where a piece stood in the list. Acts are never changed, so this is known even once it is decided."""
    asking = [act for act, state in STATE_AFTER.items() if state in OPEN]
    mine = Practice.objects.filter(uuid=uuid, acts__verifier=user, acts__act__in=asking)
    last = mine.aggregate(last=Max("acts__at"))["last"]
    if last is None:
        raise NotHere(LOST)
    return last


@router.get(
    "/verification/{uuid:practice}",
    auth=TO_READ,
    response=PracticeInFull,
    url_name="practice-asked-of-me",
    operation_id="practice_asked_of_me",
    summary="One piece that waits for you",
)
def asked_of_me(request: HttpRequest, practice: UUID) -> PracticeInFull:
    """One piece, with what its owner wrote. Only the person asked can read it."""
    return _in_full(request, practice)


@router.post(
    "/verification/{uuid:practice}/confirm",
    auth=TO_ACT,
    response=PracticeInFull,
    url_name="confirm",
    operation_id="confirm",
    summary="Confirm",
)
def confirm(request: HttpRequest, practice: UUID) -> PracticeInFull:
    """Confirm that it was done, and answers each prompt. It goes on the record with your name and the date."""
    verify(practice=_asked_of(request, practice), by=asker(request).user, at=asker(request).at)
    return _in_full(request, practice)


@router.post(
    "/verification/{uuid:practice}/not-yet",
    auth=TO_ACT,
    response=PracticeInFull,
    url_name="not-yet",
    operation_id="not_yet",
    summary="Say not yet",
)
def not_yet(request: HttpRequest, practice: UUID, body: Reason) -> PracticeInFull:
    """Say what would make it a yes. The person can ask you, or somebody else, again."""
    decline(
        practice=_asked_of(request, practice),
        by=asker(request).user,
        reason=body.reason,
        at=asker(request).at,
    )
    return _in_full(request, practice)


@router.post(
    "/verification/{uuid:practice}/ask",
    auth=TO_ACT,
    response=PracticeInFull,
    url_name="ask",
    operation_id="ask",
    summary="Ask a question",
)
def ask(request: HttpRequest, practice: UUID, body: Question) -> PracticeInFull:
    """Ask a question first. You can still decide without the answer."""
    ask_question(
        practice=_asked_of(request, practice),
        by=asker(request).user,
        question=body.question,
        at=asker(request).at,
    )
    return _in_full(request, practice)


@router.post(
    "/verification/{uuid:practice}/pass-on",
    auth=TO_ACT,
    response={204: None},
    url_name="pass-on",
    operation_id="pass_on",
    summary="Pass it on",
)
def hand_on(request: HttpRequest, practice: UUID, body: PassOn) -> None:
    """Give it to somebody else who may confirm it. You no longer see it; its owner sees who has it."""
    found = _asked_of(request, practice)
    to = chosen(found, body.to, asker(request).at)
    pass_on(practice=found, by=asker(request).user, to=to, reason=body.reason, at=asker(request).at)


def _asked_of(request: HttpRequest, uuid: UUID) -> Practice:
    practice = practice_asked_of(asker(request).user, uuid)
    if practice is None:
        raise NotHere
    return practice


def _in_full(request: HttpRequest, uuid: UUID) -> PracticeInFull:
    return in_full(_asked_of(request, uuid), asker(request).user, asker(request).at)
