from .activities import Activity
from .actors import Actor
from .attachments import Attachment, AttachmentPart, StatementAttachment
from .credentials import Credential, Secret
from .documents import Document, Place
from .forwarding import Delivery, Forwarder
from .imports import FileImport
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Attachment",
    "AttachmentPart",
    "Credential",
    "Delivery",
    "Document",
    "FileImport",
    "Forwarder",
    "Place",
    "Secret",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementAttachment",
    "StatementReference",
    "Usage",
]
