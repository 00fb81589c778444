"""One's own practice: where it stands, and what its owner may do."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from workforce.models import User

from ..actions import answer_verifier, move_practice, withdraw_practice
from ..models import Practice, VerificationAct
from ..permissions import can_move, who_may_verify_practice
from ..practice_states import MAY_FOLLOW, OF_THE_OWNER, OPEN, state_after
from ..queries import capability_names, exchange, latest_act
from .auth import TO_ACT, TO_READ, asker
from .paging import Limit, page
from .problems import NotHere
from .queries import own_practice, started_after
from .shapes import (
    STATE_NAMES,
    Answer,
    Claim,
    ClaimWithWords,
    HandOver,
    Person,
    PracticeInFull,
    PracticeInShort,
    PracticePage,
    Told,
    capability_ref,
)

router = Router(tags=["Your own practice"])
Act = VerificationAct.Act
After = Annotated[UUID | None, Query(description="Take it from “next”.")]
LOST = "The list cannot go on from there. Begin again without “after”."


@router.get(
    "/me/practice",
    auth=TO_READ,
    response=PracticePage,
    url_name="my-practice",
    operation_id="my_practice",
    summary="What you put forward",
)
def my_practice(request: HttpRequest, after: After = None, limit: Limit = 50) -> PracticePage:
    """What you put forward, oldest first, and where each piece stands."""
    rows = own_practice(asker(request).user)
    if after:
        last = rows.filter(uuid=after).values_list("created_at", flat=True).first()
        if last is None:
            raise NotHere(LOST)
        rows = started_after(rows, (last, after))
    shown, following = page(request, rows, limit, lambda practice: str(practice.uuid))
    names = names_of(shown)
    return PracticePage(items=[in_short(p, latest_act(p), names) for p in shown], next=following)


@router.get(
    "/me/practice/{uuid:practice}",
    auth=TO_READ,
    response=PracticeInFull,
    url_name="own-practice",
    operation_id="own_practice",
    summary="One piece of your practice",
)
def one_of_mine(request: HttpRequest, practice: UUID) -> PracticeInFull:
    """One piece, with your words and what was asked, answered and handed over."""
    return _mine_in_full(request, practice)


@router.post(
    "/me/practice/{uuid:practice}/answer",
    auth=TO_ACT,
    response=PracticeInFull,
    url_name="answer",
    operation_id="answer",
    summary="Answer a question",
)
def answer(request: HttpRequest, practice: UUID, body: Answer) -> PracticeInFull:
    """Answer the question of the person asked."""
    answer_verifier(
        practice=_mine(request, practice), by=asker(request).user, answer=body.answer, at=asker(request).at
    )
    return _mine_in_full(request, practice)


@router.post(
    "/me/practice/{uuid:practice}/withdraw",
    auth=TO_ACT,
    response=PracticeInFull,
    url_name="withdraw",
    operation_id="withdraw",
    summary="Take it back",
)
def withdraw(request: HttpRequest, practice: UUID) -> PracticeInFull:
    """Take it back before it is decided. Nobody else can read it then; you can put it forward again."""
    withdraw_practice(practice=_mine(request, practice), by=asker(request).user, at=asker(request).at)
    return _mine_in_full(request, practice)


@router.post(
    "/me/practice/{uuid:practice}/move",
    auth=TO_ACT,
    response=PracticeInFull,
    url_name="move",
    operation_id="move",
    summary="Ask somebody else",
)
def move(request: HttpRequest, practice: UUID, body: HandOver) -> PracticeInFull:
    """Ask somebody else instead, where the first person may no longer confirm it or is silent for long."""
    mine = _mine(request, practice)
    move_practice(
        practice=mine,
        by=asker(request).user,
        to=chosen(mine, body.to, asker(request).at),
        at=asker(request).at,
    )
    return _mine_in_full(request, practice)


def _mine(request: HttpRequest, uuid: UUID) -> Practice:
    practice = own_practice(asker(request).user).filter(uuid=uuid).first()
    if practice is None:
        raise NotHere
    return practice


def _mine_in_full(request: HttpRequest, uuid: UUID) -> PracticeInFull:
    return in_full(_mine(request, uuid), asker(request).user, asker(request).at)


def chosen(practice: Practice, uuid: UUID, at: datetime) -> User:
    """Who was chosen, among those who may confirm it: nobody learns here whether anybody else exists."""
    person = who_may_verify_practice(practice, at).filter(uuid=uuid).first()
    if person is None:
        raise NotHere("That person cannot confirm this. Choose one of “others”.")
    return person


def in_full(practice: Practice, reader: User, at: datetime) -> PracticeInFull:
    """As its owner's page, or that of the person asked, shows it today. What was taken back is for its owner only."""
    act = latest_act(practice)
    readable = practice.owner_id == reader.pk or act.act != Act.WITHDRAW
    names = names_of([practice])
    may = _may(practice, act, reader, at)
    others = who_may_verify_practice(practice, at).exclude(pk=act.verifier_id)
    return PracticeInFull(
        **in_short(practice, act, names).model_dump(exclude={"claims"}),
        claims=[
            ClaimWithWords(
                capability=capability_ref(claim.capability, names),
                level=claim.level,
                prompt=claim.prompt,
                text=claim.text,
            )
            for claim in practice.claims.all()
            if readable
        ],
        told=[_told(each) for each in exchange(practice, reader) if readable],
        would_make_it_yes=act.reason if act.act == Act.DECLINE else "",
        may=sorted(may),  # type: ignore[arg-type]
        others=[person(user) for user in others] if {Act.MOVE, Act.PASS_ON} & may else [],
    )


def _may(practice: Practice, act: VerificationAct, reader: User, at: datetime) -> set[Act]:
    """What the table of states lets this reader do from here."""
    state = state_after(act)
    if state not in OPEN:
        return set()
    if practice.owner_id != reader.pk:
        return MAY_FOLLOW[state] - OF_THE_OWNER
    own = MAY_FOLLOW[state] & OF_THE_OWNER
    return own if Act.MOVE in own and can_move(act, at) else own - {Act.MOVE}


def in_short(practice: Practice, act: VerificationAct, names: dict[str, str]) -> PracticeInShort:
    return PracticeInShort(
        id=practice.uuid,
        title=practice.title,
        owner=person(practice.owner),
        asked=person(act.verifier),
        state=STATE_NAMES[state_after(act)],
        since=act.at,
        claims=[
            Claim(capability=capability_ref(claim.capability, names), level=claim.level)
            for claim in practice.claims.all()
        ],
    )


def names_of(practice: list[Practice]) -> dict[str, str]:
    return capability_names({claim.capability.code for piece in practice for claim in piece.claims.all()})


def person(user: User) -> Person:
    return Person(id=user.uuid, name=user.name)


def _told(act: VerificationAct) -> Told:
    return Told(
        act=act.act,  # type: ignore[arg-type]
        by=person(act.by),
        to=person(act.verifier),
        at=act.at,
        words=act.reason,
    )
