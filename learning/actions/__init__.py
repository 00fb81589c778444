from ..errors import Conflict, NotAllowed
from .actors import actor_for, actors_for
from .credentials import add_secret, create_credential, end_secret, revoke_credential
from .documents import delete_document, delete_documents, post_document, put_document
from .gathering import store_one
from .storing import store_statements
from .voiding import void_statement, void_statements

__all__ = [
    "Conflict",
    "NotAllowed",
    "actor_for",
    "actors_for",
    "add_secret",
    "create_credential",
    "delete_document",
    "delete_documents",
    "end_secret",
    "post_document",
    "put_document",
    "revoke_credential",
    "store_one",
    "store_statements",
    "void_statement",
    "void_statements",
]
