from .attempts import Attempt, Step, Try
from .dated import Dated
from .pages import ActivityPage, HomePage, InformationPage, ModulePage, ProgrammePage
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
    "ProgrammePage",
    "Reflection",
    "SourceState",
    "Step",
    "Try",
]
