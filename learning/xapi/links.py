"""Which actors and activities a statement names, and where: what a query by agent or activity looks for."""

from collections.abc import Iterator

from msgspec import UNSET

from .activities import Activity
from .actors import Actor
from .statements import Context, Statement, SubStatement

Said = Statement | SubStatement


def actors_in(statement: Said) -> Iterator[tuple[str, str]]:
    """(usage, identifier) of each identified actor."""
    for usage, actor in _actors(statement):
        for key in actor.identifiers():
            yield usage, key
    if isinstance(statement.object, SubStatement):
        for _, key in actors_in(statement.object):
            yield "substatement", key


def activities_in(statement: Said) -> Iterator[tuple[str, Activity]]:
    """(usage, activity) of each activity."""
    if isinstance(statement.object, Activity):
        yield "object", statement.object
    if statement.context:
        yield from _in_context(statement.context)
    if isinstance(statement.object, SubStatement):
        for _, activity in activities_in(statement.object):
            yield "substatement", activity


def _actors(statement: Said) -> Iterator[tuple[str, Actor]]:
    yield "actor", statement.actor
    if isinstance(statement.object, Actor):
        yield "object", statement.object
    if not statement.context:
        return
    if statement.context.instructor:
        yield "instructor", statement.context.instructor
    if statement.context.team:
        yield "team", statement.context.team
    for other in statement.context.contextAgents or []:
        yield "context", other.agent
    for others in statement.context.contextGroups or []:
        yield "context", others.group


def _in_context(context: Context) -> Iterator[tuple[str, Activity]]:
    if not context.contextActivities:
        return
    for usage in ("parent", "grouping", "category", "other"):
        listed = getattr(context.contextActivities, usage)
        if listed is not UNSET:
            for activity in listed if isinstance(listed, list) else [listed]:
                yield usage, activity
