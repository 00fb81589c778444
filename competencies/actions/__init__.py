from .checking import people_unlike_the_record
from .evidence import RuleSpec, award_evidence, rebuild_evidence, set_evidence_rules
from .framework import adopt_edition, import_framework
from .framework_editors import FRAMEWORK_EDITORS, set_up_framework_editors
from .practice import (
    ClaimAnswer,
    answer_verifier,
    ask_question,
    decline,
    erase_words,
    move_practice,
    pass_on,
    request_verification,
    verify,
    withdraw_practice,
)
from .renewals import choose_reminders, claim_digest, release_digest
from .second_readings import give_second_reading
from .self_assessment import assess_oneself, erase_comment
from .team_sessions import answer_team_session, record_team_session

__all__ = [
    "FRAMEWORK_EDITORS",
    "ClaimAnswer",
    "RuleSpec",
    "adopt_edition",
    "answer_team_session",
    "answer_verifier",
    "ask_question",
    "assess_oneself",
    "award_evidence",
    "choose_reminders",
    "claim_digest",
    "decline",
    "erase_comment",
    "erase_words",
    "give_second_reading",
    "import_framework",
    "move_practice",
    "pass_on",
    "people_unlike_the_record",
    "rebuild_evidence",
    "record_team_session",
    "release_digest",
    "request_verification",
    "set_evidence_rules",
    "set_up_framework_editors",
    "verify",
    "withdraw_practice",
]
