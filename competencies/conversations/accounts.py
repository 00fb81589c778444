"""A reflective account in the person's own words, as those who revalidate are asked for: to print, and as PDF."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import typst
from django.utils import timezone
from django.utils.formats import date_format

from workforce.models import User

from ..models import Practice, PracticeConversation, VerificationAct
from ..practice_states import State, state_after
from ..queries import capability_names, latest_act
from .forms import QUESTIONS
from .queries import Covered, covered, held_between

_PAGE = Path(__file__).with_name("account.typ")
GONE = "Deleted by the person who wrote it."


@dataclass(frozen=True)
class Told:
    """A question, and what the person wrote to it, by paragraphs."""

    question: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Entry:
    """One thing that was done for real or talked about, and what came of it."""

    title: str
    came_of_it: str
    told: list[Told]


@dataclass(frozen=True)
class Account:
    """All that stands on paper. Nothing in it is anybody else's words."""

    name: str
    about: str
    day: str
    entries: list[Entry]
    answers: list[Told]


def account_of_conversation(conversation: PracticeConversation, at: datetime) -> Account:
    held = conversation.state == PracticeConversation.State.HELD
    when = "on" if held else "planned for"
    about = f"Practice conversation with {conversation.confirmer}, {when} {_day(conversation.day)}"
    return Account(
        name=conversation.person.name,
        about=about,
        day=_day(timezone.localdate(at)),
        entries=[_of_item(each, conversation.confirmer) for each in covered(conversation)],
        answers=[_told(label, getattr(conversation, name)) for name, label in QUESTIONS.items()],
    )


def account_of_period(person: User, start: date, end: date, at: datetime) -> Account:
    """What was put forward from one day to another, and what the person wrote after their conversations then."""
    practices = [
        practice
        for practice in _practice_of(person)
        if any(_was_put_forward(act, start, end) for act in practice.acts.all())
    ]
    names = capability_names({c.capability.code for practice in practices for c in practice.claims.all()})
    held = held_between(person, start, end)
    return Account(
        name=person.name,
        about=f"Practice from {_day(start)} to {_day(end)}",
        day=_day(timezone.localdate(at)),
        entries=[_of_practice(practice, names) for practice in practices],
        answers=[_from_all(label, name, held) for name, label in QUESTIONS.items()],
    )


def _practice_of(person: User) -> Iterable[Practice]:
    mine = Practice.objects.filter(owner=person).prefetch_related(
        "claims__capability", "acts__statement", "acts__verifier"
    )
    return mine.order_by("created_at", "pk")


def _was_put_forward(act: VerificationAct, start: date, end: date) -> bool:
    return act.act == VerificationAct.Act.REQUEST and start <= timezone.localdate(act.at) <= end


def _of_item(each: Covered, confirmer: User) -> Entry:
    if each.item.practice is None:
        return Entry(each.title, "Talked about", [_told("What I wanted to say", each.item.words)])
    told = [
        _told(f"{claim.prompt} ({name}, level {claim.level})", claim.text) for claim, name in each.prompts
    ]
    return Entry(each.title, each.standing or f"With {confirmer}, not answered yet", told)


CAME_OF_IT = {
    State.DRAFT: "A draft again",
    State.WAITING: "Waiting for {who}",
    State.ASKED: "Waiting for {who}",
    State.WITHDRAWN: "Taken back",
    State.NOT_YET: "Not yet, said {who} on {day}",
    State.CONFIRMED: "Confirmed by {who} on {day}",
}


def _of_practice(practice: Practice, names: dict[str, str]) -> Entry:
    act = latest_act(practice)
    words = CAME_OF_IT[state_after(act)].format(who=act.verifier, day=_day(timezone.localdate(act.at)))
    told = [
        _told(
            f"{claim.prompt} ({names.get(claim.capability.code, claim.capability.code)}, level {claim.level})",
            claim.text or GONE,
        )
        for claim in practice.claims.all()
    ]
    return Entry(practice.title, words, told)


def _from_all(label: str, name: str, held: Sequence[PracticeConversation]) -> Told:
    """The answers to one question from every conversation, each after its day."""
    found = [(each.day, getattr(each, name)) for each in held if getattr(each, name).strip()]
    return _told(label, "\n".join(f"{_day(day)}: {text}" for day, text in found))


def _told(question: str, text: str) -> Told:
    return Told(question, [line.strip() for line in text.splitlines() if line.strip()])


def as_pdf(account: Account, at: datetime) -> bytes:
    """A4, tagged for screen readers (PDF/UA-1). What people wrote is data to the page, never markup."""
    pdf = typst.compile(
        _page(),
        format="pdf",
        sys_inputs={"account": json.dumps(asdict(account))},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 what a single file is compiled to
    return pdf


@lru_cache(maxsize=1)
def _page() -> bytes:
    return _PAGE.read_bytes()


def _day(day: date) -> str:
    return date_format(day, "j F Y")
