from .evidence import Evidence, EvidenceRule, Holding
from .framework import (
    Adoption,
    Capability,
    Domain,
    Edition,
    EditionCapability,
    Framework,
    Level,
    Requirement,
)
from .passport import Badge, Share, SigningKey
from .practice import Confirmer, Practice, PracticeClaim, VerificationAct
from .renewal import ReminderChoice, RenewalDigest, RenewalReminder
from .second_reading import SecondReading
from .self_assessment import SelfAssessment
from .session import SessionPresence, TeamSession

__all__ = [
    "Adoption",
    "Badge",
    "Capability",
    "Confirmer",
    "Domain",
    "Edition",
    "EditionCapability",
    "Evidence",
    "EvidenceRule",
    "Framework",
    "Holding",
    "Level",
    "Practice",
    "PracticeClaim",
    "ReminderChoice",
    "RenewalDigest",
    "RenewalReminder",
    "Requirement",
    "SecondReading",
    "SelfAssessment",
    "SessionPresence",
    "Share",
    "SigningKey",
    "TeamSession",
    "VerificationAct",
]
