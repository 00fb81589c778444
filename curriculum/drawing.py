"""Which questions a check shows, and how answers are marked. Plain arithmetic: no database."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from .blocks.questions import PER_OUTCOME
from .outline import MASTERY, Activity, Outcome

TRIES_BEFORE_REVIEW = 3


def draw(
    activity: Activity, outcomes: Sequence[Outcome], shown: Iterable[str], registration: UUID, number: int
) -> list[str]:
    """Keys of two questions for each outcome, in the order of the outcomes; those shown least come first.

    The order among equals comes from the registration, a random UUID, so a draw can be repeated but not guessed.
    """
    chance = random.Random(uuid5(registration, f"{activity.key} try {number}").int)  # noqa: S311 (not a secret)
    times = Counter(shown)
    drawn: list[str] = []
    for outcome in outcomes:
        bank = [question.key for question in activity.questions if question.outcome == outcome.key]
        chance.shuffle(bank)
        drawn += sorted(bank, key=lambda key: times[key])[:PER_OUTCOME]
    return drawn


def score_of(activity: Activity, drawn: Sequence[str], answers: Mapping[str, int]) -> Decimal:
    """The share of the drawn questions that were answered rightly, 0 to 1, to three places."""
    right = sum(1 for key in drawn if answers.get(key) == activity.question_by_key[key].right)
    return (Decimal(right) / len(drawn)).quantize(Decimal("0.001"))


def is_mastered(activity: Activity, drawn: Sequence[str], answers: Mapping[str, int]) -> bool:
    """Whether at least 80% is right, counted in whole questions so that rounding cannot tip it."""
    right = sum(1 for key in drawn if answers.get(key) == activity.question_by_key[key].right)
    return right >= MASTERY * len(drawn)


def missed(activity: Activity, drawn: Sequence[str], answers: Mapping[str, int]) -> list[str]:
    """Keys of the questions that were not answered rightly."""
    return [key for key in drawn if answers.get(key) != activity.question_by_key[key].right]


def needs_review(failed: int, reviewed: int) -> bool:
    """Whether a guided review comes before the next try: after each three that failed."""
    return failed > reviewed and failed % TRIES_BEFORE_REVIEW == 0
