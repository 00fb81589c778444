from .people import Expectation, current_levels, expectations, gaps
from .practice import latest_act, practice_of, suggested_verifiers, waiting_for
from .wording import capability_names

__all__ = [
    "Expectation",
    "capability_names",
    "current_levels",
    "expectations",
    "gaps",
    "latest_act",
    "practice_of",
    "suggested_verifiers",
    "waiting_for",
]
