from .activities import Activity
from .actors import Actor
from .credentials import Credential
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Credential",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementReference",
    "Usage",
]
