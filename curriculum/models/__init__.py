from .attempts import Attempt, Step, Try
from .dated import Dated
from .pages import ActivityPage, HomePage, InformationPage, ModulePage, ProgrammePage
from .prior_learning import (
    PriorLearning,
    PriorLearningAct,
    PriorLearningClaim,
    PriorLearningDocument,
    PriorLearningPart,
)
from .reflections import Reflection
from .snippets import DatedFact, GlossaryTerm, PatientRole
from .sources import SourceState
from .versions import ModuleVersion

__all__ = [
    "ActivityPage",
    "Attempt",
    "Dated",
    "DatedFact",
    "GlossaryTerm",
    "HomePage",
    "InformationPage",
    "ModulePage",
    "ModuleVersion",
    "PatientRole",
    "PriorLearning",
    "PriorLearningAct",
    "PriorLearningClaim",
    "PriorLearningDocument",
    "PriorLearningPart",
    "ProgrammePage",
    "Reflection",
    "SourceState",
    "Step",
    "Try",
]
