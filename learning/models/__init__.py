from .activities import Activity
from .actors import Actor
from .credentials import Credential, Secret
from .forwarding import Delivery, Forwarder
from .imports import FileImport
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Credential",
    "Delivery",
    "FileImport",
    "Forwarder",
    "Secret",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementReference",
    "Usage",
]
