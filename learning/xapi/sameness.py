"""Whether a statement sent again under the same id is the same (Data 2.3.1)."""

from typing import Any

import msgspec

from .actors import Actor
from .formats import instant
from .shapes import shaped

# What the record sets itself, and so cannot differ.
_OF_THE_RECORD = ("id", "authority", "stored", "version")
_ACTORS = {"actor", "instructor", "team", "agent", "group"}


def same_statement(kept: str | bytes, sent: str | bytes) -> bool:
    """True if nothing that is immutable differs. `kept` is complete; `sent` may leave out its timestamp."""
    ours, theirs = msgspec.json.decode(kept), msgspec.json.decode(sent)
    if "timestamp" not in theirs:
        ours.pop("timestamp", None)
    return bool(_core(ours) == _core(theirs))


def _core(statement: dict[str, Any]) -> dict[str, Any]:
    core = {name: _comparable(name, value) for name, value in statement.items() if name not in _OF_THE_RECORD}
    core["verb"] = statement["verb"]["id"]
    core["object"] = _comparable_object(statement["object"])
    return core


def _comparable_object(value: dict[str, Any]) -> object:
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        return value["id"]
    if kind == "SubStatement":
        return _core(value)
    return value["id"].lower() if kind == "StatementRef" else _comparable_actor(value)


def _comparable(name: str, value: Any) -> object:
    """`value` of the property `name`, without what may change: definitions, spellings, the order of members."""
    if name == "timestamp":
        return instant(value)
    if name in _ACTORS:
        return _comparable_actor(value)
    if name == "context":
        return {key: _comparable_in_context(key, part) for key, part in value.items()}
    return value


def _comparable_in_context(name: str, value: Any) -> object:
    if name == "contextActivities":
        return {usage: _activity_ids(listed) for usage, listed in value.items()}
    if name in {"registration", "statement"}:
        return str(value["id"] if name == "statement" else value).lower()
    if name in {"contextAgents", "contextGroups"}:
        return [{key: _comparable(key, part) for key, part in entry.items()} for entry in value]
    return _comparable(name, value)


def _activity_ids(listed: list[dict[str, Any]] | dict[str, Any]) -> list[str]:
    return [activity["id"] for activity in (listed if isinstance(listed, list) else [listed])]


def _comparable_actor(value: dict[str, Any]) -> object:
    actor = shaped(value, Actor)
    return actor.objectType, actor.key, sorted(member.key or "" for member in actor.member or [])
