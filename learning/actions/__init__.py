from ..errors import Conflict, NotAllowed
from .actors import actor_for, actors_for
from .credentials import add_secret, create_credential, end_secret, revoke_credential
from .storing import store_statements
from .voiding import void_statement

__all__ = [
    "Conflict",
    "NotAllowed",
    "actor_for",
    "actors_for",
    "add_secret",
    "create_credential",
    "end_secret",
    "revoke_credential",
    "store_statements",
    "void_statement",
]
