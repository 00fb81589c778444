"""Practice that a person could take to a practice conversation: with somebody, or written and not sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from competencies.models import Practice
from competencies.practice_states import OPEN, state_after
from competencies.queries import capability_names, latest_act
from learning.iris import activity_iri
from workforce.models import User

from .models import Attempt, Step
from .outline import PORTFOLIO, Activity

# Levels 1 and 2 come from the module itself; 4 asks for a portfolio. Level 3 is what practice is confirmed for.
APPLY = 3


@dataclass(frozen=True)
class Piece:
    """One activity with practice. `answers` are by capability; `verifier` is who has it now, if anybody;
    `about` is somebody whom the person named, and who is never asked."""

    attempt: Attempt
    activity: Activity
    practice: Practice | None
    capabilities: list[str]
    names: list[str]
    answers: Mapping[str, str]
    verifier: str
    about: User | None
    is_complete: bool

    @property
    def key(self) -> str:
        return f"{self.attempt.registration}.{self.activity.key}"

    @property
    def href(self) -> str:
        return reverse("curriculum:step", args=[self.attempt.registration, self.activity.key])


def pieces_of(person: User) -> list[Piece]:
    """What a person has begun to write or put forward, for level 3, and what is not decided. Oldest first.

    Practice that was answered “not yet” is with nobody, and so among them. As many queries, however many.
    """
    steps = (
        Step.objects.filter(attempt__user=person, state__in=(Step.State.STARTED, Step.State.SENT))
        .select_related("attempt__version", "attempt__user")
        .order_by("pk")
    )
    found = [(step, activity) for step in steps if (activity := _practice_activity(step)) is not None]
    practices = _practices(person)
    names = capability_names({code for step, activity in found for code in _codes(step.attempt, activity)})
    named = User.objects.in_bulk({pk for step, _ in found if (pk := step.draft.get("about"))})
    pieces = [_piece(step, activity, practices, names, named) for step, activity in found]
    return [piece for piece in pieces if piece is not None]


def _practice_activity(step: Step) -> Activity | None:
    activity = step.attempt.module.activity_by_key.get(step.activity_key)
    if activity is None or not activity.is_practice or activity.kind == PORTFOLIO:
        return None
    return activity if _codes(step.attempt, activity) else None


def _codes(attempt: Attempt, activity: Activity) -> list[str]:
    claims = attempt.module.claims_by(activity)
    return [claim.capability for claim, level in claims if level == APPLY]


Key = tuple[UUID, str]


def _practices(person: User) -> dict[Key, Practice]:
    mine = Practice.objects.filter(owner=person).select_related("activity", "owner", "about")
    mine = mine.prefetch_related("claims__capability", "acts__statement", "acts__verifier")
    return {(practice.registration, practice.activity.iri): practice for practice in mine}


def _piece(
    step: Step,
    activity: Activity,
    practices: Mapping[Key, Practice],
    names: Mapping[str, str],
    named: Mapping[int, User],
) -> Piece | None:
    attempt = step.attempt
    practice = practices.get((attempt.registration, activity_iri(activity.key)))
    sent = {claim.capability.code: claim.text for claim in practice.claims.all()} if practice else {}
    answers = {**sent, **step.draft.get("answers", {})}
    if not any(text.strip() for text in answers.values()):
        return None
    act = latest_act(practice) if practice else None
    claims = attempt.module.claims_by(activity)
    needed = [claim.capability for claim, _ in claims if not claim.when]
    shown = [code for code in _codes(attempt, activity) if code in needed or answers.get(code, "").strip()]
    return Piece(
        attempt=attempt,
        activity=activity,
        practice=practice,
        capabilities=shown,
        names=[names.get(code, code) for code in shown],
        answers=answers,
        verifier=act.verifier.name if act and state_after(act) in OPEN else "",
        about=named.get(step.draft.get("about") or 0) or (practice.about if practice else None),
        is_complete=all(answers.get(code, "").strip() for code in needed),
    )


def chosen(pieces: Iterable[Piece], keys: Iterable[str]) -> list[Piece]:
    """Those that were ticked, of the ones that can be covered today."""
    wanted = set(keys)
    return [piece for piece in pieces if piece.is_complete and piece.key in wanted]


def named_in(attempt: Attempt, activity: Activity) -> User | None:
    """Somebody whom the person named as the one this is about, in the draft or when it was last sent."""
    step = attempt.steps.filter(activity_key=activity.key).first()
    sent = (
        Practice.objects.select_related("about")
        .filter(
            owner=attempt.user_id, registration=attempt.registration, activity__iri=activity_iri(activity.key)
        )
        .first()
    )
    if step and step.draft.get("about"):
        return User.objects.filter(pk=step.draft["about"]).first()
    return sent.about if sent else None
