from .conversation import ConversationItem, PracticeConversation
from .evidence import Evidence, EvidenceRule, Holding
from .files import PracticeFile, PracticeFilePart
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
    "ConversationItem",
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
    "PracticeConversation",
    "PracticeFile",
    "PracticeFilePart",
    "ReminderChoice",
    "RenewalDigest",
    "RenewalReminder",
    "Requirement",
    "SelfAssessment",
    "Share",
    "SigningKey",
    "VerificationAct",
]
