from .holdings import Ground, Held, grounds, held
from .people import Expectation, current_levels, expectations, gaps
from .practice import exchange, latest_act, practice_of, suggested_verifiers, waiting_for
from .self_assessment import latest_self_assessments, self_assessments
from .wording import capability_names, wording

__all__ = [
    "Expectation",
    "Ground",
    "Held",
    "capability_names",
    "current_levels",
    "exchange",
    "expectations",
    "gaps",
    "grounds",
    "held",
    "latest_act",
    "latest_self_assessments",
    "practice_of",
    "self_assessments",
    "suggested_verifiers",
    "waiting_for",
    "wording",
]
