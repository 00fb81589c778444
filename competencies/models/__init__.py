from .edition_acts import EditionAct
from .equivalence import Equivalence
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
from .practice import Practice, PracticeClaim, VerificationAct
from .renewal import ReminderChoice, RenewalDigest, RenewalReminder
from .self_assessment import SelfAssessment

__all__ = [
    "Adoption",
    "Badge",
    "Capability",
    "Domain",
    "Edition",
    "EditionAct",
    "EditionCapability",
    "Equivalence",
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
    "SelfAssessment",
    "Share",
    "SigningKey",
    "VerificationAct",
]
