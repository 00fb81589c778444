from .activities import Activity
from .actors import Actor
from .attachments import Attachment, AttachmentPart, StatementAttachment
from .credentials import Credential
from .statements import Statement, StatementActivity, StatementActor, StatementReference, Usage

__all__ = [
    "Activity",
    "Actor",
    "Attachment",
    "AttachmentPart",
    "Credential",
    "Statement",
    "StatementActivity",
    "StatementActor",
    "StatementAttachment",
    "StatementReference",
    "Usage",
]
