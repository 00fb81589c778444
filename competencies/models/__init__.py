from .access import AccessToken
from .conversation import ConversationItem, PracticeConversation
from .edition_acts import EditionAct
from .equivalence import Equivalence
from .evidence import Evidence, EvidenceRule, Holding
from .exchange import (
    EsrCredit,
    EsrExport,
    EsrImport,
    EsrImportUndoing,
    EsrName,
    EsrProfile,
    EsrTaken,
    EsrUpload,
)
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
from .history import CapabilityAct
from .local_requirement import LocalRequirement
from .named_gaps import NamedGapsChoice, NamedGapsLook
from .passport import Badge, Share, SigningKey
from .plans import LearningPlan, PlanAct, PlanAssignment, PlanChange, PlanItem, PlanPerson
from .portfolio import PanelAct, Portfolio, PortfolioClaim, PortfolioEntry
from .practice import Confirmer, Practice, PracticeClaim, VerificationAct
from .renewal import ReminderChoice, RenewalDigest, RenewalReminder
from .second_reading import SecondReading
from .self_assessment import SelfAssessment
from .session import SessionPresence, TeamSession
from .team_requirement import TeamRequirement

__all__ = [
    "AccessToken",
    "Adoption",
    "Badge",
    "Capability",
    "CapabilityAct",
    "Confirmer",
    "ConversationItem",
    "Domain",
    "Edition",
    "EditionAct",
    "EditionCapability",
    "Equivalence",
    "EsrCredit",
    "EsrExport",
    "EsrImport",
    "EsrImportUndoing",
    "EsrName",
    "EsrProfile",
    "EsrTaken",
    "EsrUpload",
    "Evidence",
    "EvidenceRule",
    "Framework",
    "Holding",
    "LearningPlan",
    "Level",
    "LocalRequirement",
    "NamedGapsChoice",
    "NamedGapsLook",
    "PanelAct",
    "PlanAct",
    "PlanAssignment",
    "PlanChange",
    "PlanItem",
    "PlanPerson",
    "Portfolio",
    "PortfolioClaim",
    "PortfolioEntry",
    "Practice",
    "PracticeClaim",
    "PracticeConversation",
    "PracticeFile",
    "PracticeFilePart",
    "ReminderChoice",
    "RenewalDigest",
    "RenewalReminder",
    "Requirement",
    "SecondReading",
    "SelfAssessment",
    "SessionPresence",
    "Share",
    "SigningKey",
    "TeamRequirement",
    "TeamSession",
    "VerificationAct",
]
