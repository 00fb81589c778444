"""What this app says to the record. Small functions make statements; `record` hands them over.

No private text is ever in a statement: no answer, no draft, no choice made in a scenario.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from learning import verbs
from learning.actions import actor_for, store_statements
from learning.iris import CMI5_REASON, activity_iri
from workforce.models import User

from .models import Attempt
from .outline import Activity, Module

Statement = Mapping[str, object]

MODULE_TYPE = "http://adlnet.gov/expapi/activities/module"
_TYPES = {
    "reading": "http://id.tincanapi.com/activitytype/chapter",
    "scenario": "http://adlnet.gov/expapi/activities/simulation",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
    "run_chart_exercise": "http://adlnet.gov/expapi/activities/assessment",
}
_PERFORMANCE = "http://adlnet.gov/expapi/activities/performance"


@dataclass
class _Gathering:
    said: list[Statement] = field(default_factory=list)
    actors: dict[int, dict[str, object]] = field(default_factory=dict)


_gathering: ContextVar[_Gathering | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered(at: datetime | None = None) -> Iterator[None]:
    """Within this block statements are gathered, and stored together when it ends: for demonstration data.

    `at` is when they count as stored. If the block raises, neither steps nor statements are kept.
    """
    gathering = _Gathering()
    token = _gathering.set(gathering)
    try:
        with transaction.atomic():
            yield
            store_statements(statements=gathering.said, at=at)
    finally:
        _gathering.reset(token)


def record(statements: Sequence[Statement], at: datetime) -> None:
    """Store statements now, or with the others of the gathering that is open."""
    gathering = _gathering.get()
    if gathering is not None:
        gathering.said += statements
    else:
        store_statements(statements=statements, at=at)


def step_statement(
    attempt: Attempt,
    activity: Activity,
    verb: str,
    at: datetime,
    *,
    number: int = 1,
    result: Statement | None = None,
) -> Statement:
    """What a person did with one activity. `number` tells tries of one check apart."""
    return _statement(
        uuid5(attempt.registration, f"{activity.key} {verb} {number}"),
        attempt.user,
        verb,
        _object(activity.key, activity.title, _TYPES.get(activity.kind, _PERFORMANCE)),
        at,
        context=_context(attempt, parent=_of_module(attempt.module)),
        result=result,
    )


def gate_statement(attempt: Attempt, gate: int, verb: str, at: datetime) -> Statement:
    """A gate of a module is reached. Its id comes from the registration, so it can be said only once."""
    return _statement(
        uuid5(attempt.registration, f"gate {gate}"),
        attempt.user,
        verb,
        _of_module(attempt.module),
        at,
        context=_context(attempt),
    )


def waived_statement(
    user: User, module: tuple[UUID, str], reason: str, by: User, at: datetime, id: UUID
) -> Statement:
    """Prior learning is accepted for a module (key, title), by a person, for one of cmi5's reasons."""
    key, title = module
    return _statement(
        id,
        user,
        verbs.WAIVED,
        _object(key, title, MODULE_TYPE),
        at,
        context={"platform": settings.SERVICE_NAME, "instructor": _actor(by)},
        result={"success": True, "completion": True, "extensions": {CMI5_REASON: reason}},
    )


def score_result(score: float, passed: bool) -> Statement:
    """A result with the share of questions answered rightly, 0 to 1. For staff only."""
    return {"score": {"scaled": score}, "success": passed, "completion": True}


def _statement(
    id: UUID,
    user: User,
    verb: str,
    about: Statement,
    at: datetime,
    *,
    context: Statement,
    result: Statement | None = None,
) -> Statement:
    said: dict[str, object] = {
        "id": str(id),
        "actor": _actor(user),
        "verb": verbs.verb(verb),
        "object": about,
        "context": context,
        "timestamp": at.isoformat(),
    }
    return {**said, "result": result} if result else said


def _actor(user: User) -> dict[str, object]:
    gathering = _gathering.get()
    if gathering is None:
        return actor_for(user)
    if user.pk not in gathering.actors:
        gathering.actors[user.pk] = actor_for(user)
    return gathering.actors[user.pk]


def _object(key: UUID, title: str, kind: str) -> Statement:
    definition = {"type": kind, "name": {"en-GB": title}}
    return {"objectType": "Activity", "id": activity_iri(key), "definition": definition}


def _of_module(module: Module) -> Statement:
    return _object(module.key, module.title, MODULE_TYPE)


def _context(attempt: Attempt, parent: Statement | None = None) -> Statement:
    context: dict[str, object] = {
        "registration": str(attempt.registration),
        "platform": settings.SERVICE_NAME,
        "revision": str(attempt.version.number),
    }
    return {**context, "contextActivities": {"parent": [parent]}} if parent else context
