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
from .named_gaps import NamedGapsChoice, NamedGapsLook
from .passport import Badge, Share, SigningKey
from .plans import LearningPlan, PlanAct, PlanAssignment, PlanChange, PlanItem, PlanPerson
from .practice import Practice, PracticeClaim, VerificationAct
from .renewal import ReminderChoice, RenewalDigest, RenewalReminder
from .self_assessment import SelfAssessment

__all__ = [
    "Adoption",
    "Badge",
    "Capability",
    "Domain",
    "Edition",
    "EditionCapability",
    "Evidence",
    "EvidenceRule",
    "Framework",
    "Holding",
    "LearningPlan",
    "Level",
    "NamedGapsChoice",
    "NamedGapsLook",
    "PlanAct",
    "PlanAssignment",
    "PlanChange",
    "PlanItem",
    "PlanPerson",
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
