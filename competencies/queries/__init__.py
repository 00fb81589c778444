from ..waiting import waiting_for
from .holdings import Ground, Held, every_ground, grounds, held
from .lapsed import lapsed
from .people import Expectation, current_levels, expectations, gaps
from .practice import exchange, latest_act, practice_asked_of, practice_of, suggested_verifiers
from .renewals import Ending, endings, people_to_remind, reminder_choice, untold_endings
from .second_readings import answered_reading, reading_of, readings_for
from .self_assessment import latest_self_assessments, self_assessments
from .team_sessions import practice_of_session, sessions_of, sessions_to_record
from .wording import capability_names, wording

__all__ = [
    "Ending",
    "Expectation",
    "Ground",
    "Held",
    "answered_reading",
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
    "practice_of_session",
    "reading_of",
    "readings_for",
    "reminder_choice",
    "self_assessments",
    "sessions_of",
    "sessions_to_record",
    "suggested_verifiers",
    "untold_endings",
    "waiting_for",
    "wording",
]
