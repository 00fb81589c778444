from .holdings import Ground, Held, every_ground, grounds, held
from .lapsed import lapsed
from .people import Expectation, current_levels, expectations, gaps
from .practice import (
    exchange,
    latest_act,
    practice_asked_of,
    practice_of,
    suggested_verifiers,
    waiting_for,
)
from .renewals import Ending, endings, people_to_remind, reminder_choice, untold_endings
from .self_assessment import latest_self_assessments, self_assessments
from .wording import capability_names, wording

__all__ = [
    "Ending",
    "Expectation",
    "Ground",
    "Held",
    "capability_names",
    "current_levels",
    "endings",
    "every_ground",
    "exchange",
    "expectations",
    "gaps",
    "grounds",
    "held",
    "lapsed",
    "latest_act",
    "latest_self_assessments",
    "people_to_remind",
    "practice_asked_of",
    "practice_of",
    "reminder_choice",
    "self_assessments",
    "suggested_verifiers",
    "untold_endings",
    "waiting_for",
    "wording",
]
