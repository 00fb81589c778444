"""Who is told by mail of what happened to practice. No words of anybody are in it."""

from enum import StrEnum

from workforce.models import User
from workforce.notices import notify

from ..models import SecondReading, VerificationAct

Act = VerificationAct.Act


class Told(StrEnum):
    """What a notice says; the mail has a sentence for each."""

    ASKED_TO_CONFIRM = "asked_to_confirm"
    MOVED_AWAY = "moved_away"
    QUESTION = "question"
    ANSWER = "answer"
    PASSED_ON = "passed_on"
    DECIDED = "decided"
    SECOND_READING = "second_reading"


TO_VERIFIER = {
    Act.REQUEST: Told.ASKED_TO_CONFIRM,
    Act.MOVE: Told.ASKED_TO_CONFIRM,
    Act.PASS_ON: Told.ASKED_TO_CONFIRM,
    Act.ANSWER: Told.ANSWER,
}
TO_OWNER = {
    Act.ASK: Told.QUESTION,
    Act.PASS_ON: Told.PASSED_ON,
    Act.VERIFY: Told.DECIDED,
    Act.DECLINE: Told.DECIDED,
}


def tell_of(act: VerificationAct, before: VerificationAct | None) -> None:
    """Let those know whom an act concerns; `before` is the act that stood until now."""
    if act.act in TO_VERIFIER:
        _tell(act, act.verifier, TO_VERIFIER[Act(act.act)])
    if act.act in TO_OWNER:
        _tell(act, act.owner, TO_OWNER[Act(act.act)])
    if act.act == Act.MOVE and before is not None:
        _tell(act, before.verifier, Told.MOVED_AWAY)


def tell_second_reader(reading: SecondReading) -> None:
    _tell(reading.act, reading.reader, Told.SECOND_READING)


def _tell(act: VerificationAct, to: User, kind: Told) -> None:
    uuid = act.practice.uuid
    notify(user=to, key=f"practice {uuid} {act.number} {kind}", kind=kind, about=uuid, at=act.at)
