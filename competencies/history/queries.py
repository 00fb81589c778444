"""Everything that happened to one person: who did it, when, what and why, in words for that person alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.utils.formats import date_format

from learning import verbs
from workforce.models import User

from ..models import CapabilityAct, PanelAct, PlanAct, VerificationAct
from ..queries.wording import capability_names

_HAPPENED = (Path(__file__).parent / "happened.sql").read_text(encoding="utf-8")
NOBODY = "The system"

DONE = {
    verbs.EXPERIENCED: "You went through",
    verbs.COMPLETED: "You finished",
    verbs.PASSED: "You passed the check of",
    verbs.WAIVED: "What you learned before was accepted for",
    verbs.CONFERRED: "Your panel agreed on",
}


@dataclass(frozen=True)
class Happening:
    """One line of a history. `who` is “You” for the person themselves, and “The system” for what followed."""

    at: datetime
    who: str
    what: str
    about: str
    why: str = ""


_Practice, _Panel, _Plan, _Became = VerificationAct.Act, PanelAct.Act, PlanAct.Act, CapabilityAct.Act
_WORDS: Mapping[tuple[str, str], str] = {
    ("practice", _Practice.REQUEST): "Practice put forward",
    ("practice", _Practice.WITHDRAW): "Practice taken back",
    ("practice", _Practice.VERIFY): "Practice confirmed",
    ("practice", _Practice.DECLINE): "Practice answered: not yet",
    ("practice", _Practice.MOVE): "Practice moved to somebody else",
    ("practice", _Practice.ASK): "Question asked about practice",
    ("practice", _Practice.ANSWER): "Question about practice answered",
    ("practice", _Practice.PASS_ON): "Practice passed on to somebody else",
    ("panel", _Panel.PUT_FORWARD): "Portfolio put forward",
    ("panel", _Panel.REPLACE): "Somebody else asked for the panel",
    ("panel", _Panel.WITHDRAW): "Portfolio taken back",
    ("panel", _Panel.STEP_ASIDE): "Stepped aside from the panel",
    ("panel", "answer"): "Answered in the panel",
    ("panel", _Panel.AGREE): "Said yes in the panel",
    ("panel", _Panel.NOT_YET): "Said not yet in the panel",
    ("panel", _Panel.REVOKE): "Portfolio taken off the record",
    ("plan", _Plan.PLAN): "Put on a learning plan",
    ("plan", _Plan.MEET): "Everything on a learning plan done",
    ("plan", _Plan.REOPEN): "Something on a learning plan no longer stands",
    ("plan", _Plan.END): "No longer on a learning plan",
    ("plan", _Plan.REMOVE): "Taken off a learning plan",
    ("own_view", "assess"): "Your own view",
    ("capability", _Became.ACHIEVE): "Level reached",
    ("capability", _Became.EXPIRE): "Level ended",
    ("capability", _Became.REVOKE): "Level taken off the record",
}


def history_of(person: User) -> list[Happening]:
    """Newest first. Two queries, however much happened."""
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENED, {"user": person.pk})
        rows = cursor.fetchall()
    names = capability_names({row[6] for row in rows if row[6]})
    return [_happening(person, row, names) for row in rows]


Row = tuple[
    datetime,
    str,
    str,
    int | None,
    str | None,
    str,
    str | None,
    int | None,
    date | None,
    date | None,
    str,
    str | None,
    str,
    str,
]


def _happening(person: User, row: Row, names: Mapping[str, str]) -> Happening:
    at, kind, act, by, name, title, code, level, on, until, reason, verb, source, by_whom = row
    about = title
    if code:
        held = f"level {level}" if level else "none of the levels yet"
        about = f"{names.get(code, code)}, {held}"
    if kind == "capability":
        why = _why(act, reason, on, until, _shown(verb, source, by_whom))
    elif kind == "plan" and until:
        why = f"Due on {date_format(until, 'j F Y')}."
    else:
        why = reason
    return Happening(at, said_who(person, by, name), _WORDS[kind, act], about, why)


def said_who(person: User, by: int | None, name: str | None) -> str:
    """Who did it, as the person reads it."""
    if by == person.pk:
        return "You"
    return name or NOBODY


def _why(act: str, reason: str, on: date | None, until: date | None, shown: str) -> str:
    """What it rests on, and from when until when it counts."""
    if act != CapabilityAct.Act.ACHIEVE or on is None:
        return f"{CapabilityAct.Reason(reason).label}."
    ends = f" until {date_format(until, 'j F Y')}" if until else ""
    return f"{shown}. It counts from {date_format(on, 'j F Y')}{ends}."


def _shown(verb: str | None, title: str, by: str) -> str:
    named = f"“{title}”" if title else "a part of your learning"
    if verb == verbs.VERIFIED:
        return f"{by} confirmed {named}"
    said = f"{DONE.get(verb or '', 'Your record shows')} {named}"
    return f"{said}, as {by} recorded" if by else said
