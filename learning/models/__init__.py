from .activities import Activity
from .actors import Actor
from .attachments import Attachment, AttachmentPart, StatementAttachment
from .credentials import Credential
from .documents import Document, Place
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Attachment",
    "AttachmentPart",
    "Credential",
    "Document",
    "Place",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementAttachment",
    "StatementReference",
    "Usage",
]
