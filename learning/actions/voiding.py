from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from workforce.models import User

from .. import verbs
from ..models import Statement
from .actors import actor_for
from .storing import store_statements

AT_A_TIME = 1_000


@transaction.atomic
def void_statement(*, statement_id: UUID, by: User, reason: str, at: datetime | None = None) -> UUID:
    """Void a statement in this record and return the id of the statement that does so.

    Voiding twice changes nothing. Raises Statement.DoesNotExist, and Invalid for a voiding statement.
    """
    statement = Statement.objects.select_for_update().get(pk=statement_id)
    if statement.voided_by:
        return statement.voided_by
    return store_statements(statements=[_voiding(statement_id, actor_for(by), reason)], at=at)[0]


@transaction.atomic
def void_statements(
    *, statement_ids: Sequence[UUID], by: User, reason: str, at: datetime | None = None
) -> None:
    """Void many statements of this record that stand, in queries that do not grow with each of them."""
    actor = actor_for(by)
    for start in range(0, len(statement_ids), AT_A_TIME):
        some = statement_ids[start : start + AT_A_TIME]
        store_statements(statements=[_voiding(each, actor, reason) for each in some], at=at)


def _voiding(statement_id: UUID, actor: dict[str, object], reason: str) -> dict[str, object]:
    return {
        "actor": actor,
        "verb": verbs.verb(verbs.VOIDED),
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
        "result": {"response": reason},
    }
