"""Tell the record what people reached, what ended and what was taken back: outputs, which no evidence rests on."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone

from learning import verbs
from learning.actions import actors_for
from learning.facts import OWN_ACCOUNT, account
from learning.iris import COMPETENCY_TYPE, EXPIRES_EXTENSION, extension_iri

from ..models import CapabilityAct
from ..stating import tell_the_record

Act = CapabilityAct.Act
_VERBS = {Act.ACHIEVE: verbs.ACHIEVED, Act.EXPIRE: verbs.EXPIRED, Act.REVOKE: verbs.REVOKED}


def state_acts() -> int:
    """Tell the record everything that it was not told yet; returns how many."""
    untold = CapabilityAct.objects.select_related("capability", "user", "by")
    return tell_the_record(untold, _statements)


def statement_id(act: CapabilityAct) -> UUID:
    """The same for the same act, also if the table was lost and filled again."""
    when = act.on.isoformat() if act.act == Act.EXPIRE else act.at.astimezone(UTC).isoformat()
    return uuid5(act.source_id, f"{act.act} {act.capability.iri} {act.level} {when}")


def _statements(acts: Sequence[CapabilityAct]) -> list[dict[str, Any]]:
    actors = actors_for([user for act in acts for user in (act.user, act.by) if user])
    return [_statement(act, actors) for act in acts]


def _statement(act: CapabilityAct, actors: dict[int, dict[str, object]]) -> dict[str, object]:
    """Reached and ended are said of the person and the capability; an award is revoked by somebody, for a person."""
    kind = {"type": COMPETENCY_TYPE}
    capability: dict[str, object] = {
        "objectType": "Activity",
        "id": act.capability.iri,
        "definition": kind,
    }
    person = actors[act.user_id]
    context: dict[str, object] = {"statement": {"objectType": "StatementRef", "id": str(act.source_id)}}
    if act.act == Act.REVOKE:
        actor, about = actors[act.by_id] if act.by_id else account(OWN_ACCOUNT), person
        context["contextActivities"] = {"grouping": [capability]}
    else:
        actor, about = person, capability
        context["platform"] = settings.SERVICE_NAME
    ends = act.on if act.act == Act.EXPIRE else act.until
    if ends:
        context["extensions"] = {EXPIRES_EXTENSION: ends.isoformat()}
    return {
        "id": str(statement_id(act)),
        "actor": actor,
        "verb": verbs.verb(_VERBS[Act(act.act)]),
        "object": about,
        "result": {"extensions": {extension_iri("level"): act.level}},
        "context": context,
        "timestamp": _happened(act).isoformat(),
    }


def _happened(act: CapabilityAct) -> datetime:
    """A day begins when it begins in England."""
    if act.act == Act.REVOKE:
        return act.at
    return datetime.combine(act.on, time(), timezone.get_default_timezone())
