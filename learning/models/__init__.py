from .activities import Activity
from .actors import Actor
from .credentials import Credential, Secret
from .imports import FileImport
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Credential",
    "FileImport",
    "Secret",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementReference",
    "Usage",
]
