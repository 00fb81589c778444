from .activities import Activity
from .actors import Actor
from .credentials import Credential, Secret
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Credential",
    "Secret",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementReference",
    "Usage",
]
