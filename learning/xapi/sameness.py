"""Whether a statement sent again under the same id is the same (Data 2.3.1), in either family of the standard."""

import re
from typing import Any

import msgspec

from .actors import Actor
from .formats import instant
from .shapes import shaped

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

# What the record sets itself, and so cannot differ.
_OF_THE_RECORD = ("authority", "stored", "version")
# What the record sets where the sender does not.
_IF_MISSING = ("id", "timestamp")
_ACTORS = {"actor", "instructor", "team", "agent", "group"}
_OF_ANY_CASE = {"id", "registration", "language", "contentType", "sha2"}
# Data 4.6: no more of a second counts than its hundredths.
_BEYOND_HUNDREDTHS = re.compile(r"([.,]\d\d)\d+S\Z")
_PROPERTIES = msgspec.json.Decoder(dict[str, msgspec.Raw])


def same_statement(kept: str | bytes, sent: str | bytes) -> bool:
    """True if nothing that is immutable differs. Either may leave out what the record sets."""
    ours, theirs = _PROPERTIES.decode(kept), _PROPERTIES.decode(sent)
    names = _compared(ours, theirs)
    if all(name in ours and name in theirs and bytes(ours[name]) == bytes(theirs[name]) for name in names):
        return True
    return bool(_core(_read(ours, names)) == _core(_read(theirs, names)))


def _compared(ours: dict[str, msgspec.Raw], theirs: dict[str, msgspec.Raw]) -> set[str]:
    names = (ours.keys() | theirs.keys()).difference(_OF_THE_RECORD)
    return {name for name in names if name not in _IF_MISSING or (name in ours and name in theirs)}


def _read(properties: dict[str, msgspec.Raw], names: set[str]) -> dict[str, Any]:
    return {name: msgspec.json.decode(text) for name, text in properties.items() if name in names}


def _core(statement: dict[str, Any]) -> dict[str, Any]:
    core = {name: _comparable(name, value) for name, value in statement.items()}
    core["verb"] = statement["verb"]["id"]
    core["object"] = _comparable_object(statement["object"])
    if not core.get("attachments"):
        core.pop("attachments", None)
    return core


def _comparable_object(value: dict[str, Any]) -> object:
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        return kind, value["id"]
    if kind == "SubStatement":
        return kind, _core(value)
    return (kind, value["id"].lower()) if kind == "StatementRef" else _comparable_actor(value)


def _comparable(name: str, value: Any) -> object:
    """`value` of the property `name`, without what may change: definitions, spellings, the order of members."""
    if name == "timestamp":
        return instant(value)
    if name in _OF_ANY_CASE:
        return value.lower()
    if name in _ACTORS:
        return _comparable_actor(value)
    if name in {"result", "context"}:
        return {key: _comparable_part(key, part) for key, part in value.items()}
    return _comparable_files(value) if name == "attachments" else _exactly(value)


def _comparable_part(name: str, value: Any) -> object:
    """A part of a context or a result."""
    if name == "contextActivities":
        return {usage: _activity_ids(listed) for usage, listed in value.items()}
    if name in {"contextAgents", "contextGroups"}:
        return [{key: _comparable(key, part) for key, part in entry.items()} for entry in value]
    if name == "statement":
        return value["id"].lower()
    if name == "duration":
        return _BEYOND_HUNDREDTHS.sub(r"\1S", value)
    return _comparable(name, value)


def _comparable_files(attachments: list[dict[str, Any]]) -> list[object]:
    """A signature is put to a statement when it is already whole (Data 2.6)."""
    files = (file for file in attachments if file["usageType"] != SIGNATURE)
    return [{name: _comparable(name, value) for name, value in file.items()} for file in files]


def _activity_ids(listed: list[dict[str, Any]] | dict[str, Any]) -> list[str]:
    return [activity["id"] for activity in (listed if isinstance(listed, list) else [listed])]


def _comparable_actor(value: dict[str, Any]) -> object:
    members = sorted(map(repr, map(_comparable_actor, value.get("member", []))))
    return shaped(value, Actor).key, value.get("objectType", "Agent"), value.get("name"), members


def _exactly(value: Any) -> object:
    """To Python, true is 1; not so in JSON."""
    if isinstance(value, bool):
        return str(value), bool
    if isinstance(value, list):
        return [_exactly(part) for part in value]
    return {key: _exactly(part) for key, part in value.items()} if isinstance(value, dict) else value
