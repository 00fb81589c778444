from datetime import datetime
from uuid import UUID

from django.db import transaction

from workforce.models import User

from .. import verbs
from ..models import Statement
from .actors import actor_for
from .storing import store_statements


@transaction.atomic
def void_statement(*, statement_id: UUID, by: User, reason: str, at: datetime | None = None) -> UUID:
    """Void a statement in this record and return the id of the statement that does so.

    Voiding twice changes nothing. Raises Statement.DoesNotExist, and Invalid for a voiding statement.
    """
    statement = Statement.objects.select_for_update().get(pk=statement_id)
    if statement.voided_by:
        return statement.voided_by
    voiding = {
        "actor": actor_for(by),
        "verb": verbs.verb(verbs.VOIDED),
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
        "result": {"response": reason},
    }
    return store_statements(statements=[voiding], at=at)[0]
