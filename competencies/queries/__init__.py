from ..waiting import waiting_for
from .holdings import Ground, Held, grounds, held
from .people import Expectation, current_levels, expectations, gaps
from .practice import exchange, latest_act, practice_of, suggested_verifiers
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
    "exchange",
    "expectations",
    "gaps",
    "grounds",
    "held",
    "latest_act",
    "latest_self_assessments",
    "people_to_remind",
    "practice_of",
    "reminder_choice",
    "self_assessments",
    "suggested_verifiers",
    "untold_endings",
    "waiting_for",
    "wording",
]
