from .activities import Activity
from .actors import Actor
from .credentials import Credential
from .statements import Statement, StatementActivity, StatementActor

__all__ = [
    "Activity",
    "Actor",
    "Credential",
    "Statement",
    "StatementActivity",
    "StatementActor",
]
