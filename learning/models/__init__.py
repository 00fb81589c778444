from .activities import Activity
from .actors import Actor
from .credentials import Credential
from .documents import Document, Place
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Credential",
    "Document",
    "Place",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementReference",
    "Usage",
]
