"""Which actors and activities a statement names, and where: what a query by agent or activity looks for.

Asked of every statement that is stored, so plain loops and no generators. The authority is not among them: the
record sets it.
"""

from .activities import Activity
from .actors import Actor
from .contexts import Context
from .statements import Statement, SubStatement

Said = Statement | SubStatement


def actors_in(statement: Said) -> list[tuple[str, str]]:
    """(usage, identifier) of each identified actor. A member of a group is named where the group is."""
    found: list[tuple[str, str]] = []
    _add(found, "actor", statement.actor)
    thing = statement.object
    if isinstance(thing, Actor):
        _add(found, "object", thing)
    elif isinstance(thing, SubStatement):
        found += [("substatement", key) for _, key in actors_in(thing)]
    if statement.context:
        _add_from_context(found, statement.context)
    return found


def activities_in(statement: Said) -> list[tuple[str, Activity]]:
    """(usage, activity) of each activity."""
    found: list[tuple[str, Activity]] = []
    thing = statement.object
    if isinstance(thing, Activity):
        found.append(("object", thing))
    elif isinstance(thing, SubStatement):
        found += [("substatement", activity) for _, activity in activities_in(thing)]
    if statement.context and (listed := statement.context.contextActivities):
        for usage, activities in (
            ("parent", listed.parent),
            ("grouping", listed.grouping),
            ("category", listed.category),
            ("other", listed.other),
        ):
            if activities:
                several = activities if isinstance(activities, list) else [activities]
                found += [(usage, activity) for activity in several]
    return found


def _add(found: list[tuple[str, str]], usage: str, actor: Actor) -> None:
    if key := actor.key:
        found.append((usage, key))
    if actor.member:
        found += [(usage, key) for member in actor.member if (key := member.key)]


def _add_from_context(found: list[tuple[str, str]], context: Context) -> None:
    if context.instructor:
        _add(found, "instructor", context.instructor)
    if context.team:
        _add(found, "team", context.team)
    for other in context.contextAgents or ():
        _add(found, "context", other.agent)
    for others in context.contextGroups or ():
        _add(found, "context", others.group)
