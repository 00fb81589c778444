"""Statements in the shape that a reader asks for (Communication 2.1.3): `ids` and `canonical`, from a payload.

What is not to be reshaped is never read, so that it goes out byte for byte, as in `exact`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from .languages import chosen, preferences

Text = str | bytes
Parts = dict[str, Raw]
Definitions = Mapping[str, Mapping[str, Any]]

_COMPONENTS = ("choices", "scale", "source", "target", "steps")


class _Kind(Struct):
    objectType: str = "Activity"  # noqa: N815


class _Id(Struct):
    id: str


class _Identity(Struct, omit_defaults=True):
    """Of an agent or a group, no more than says who it is; properties that are not here are left out."""

    objectType: str | UnsetType = UNSET  # noqa: N815
    mbox: str | UnsetType = UNSET
    mbox_sha1sum: str | UnsetType = UNSET
    openid: str | UnsetType = UNSET
    account: dict[str, str] | UnsetType = UNSET
    member: list["_Identity"] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.mbox or self.mbox_sha1sum or self.openid or self.account:
            self.member = UNSET


# Made once: to make a decoder costs more than to read one of these.
_parts: Callable[[Text | Raw], Parts] = msgspec.json.Decoder(Parts).decode
_listed_parts: Callable[[Raw], list[Parts]] = msgspec.json.Decoder(list[Parts]).decode
_uses: Callable[[Raw], dict[str, list[Parts] | Parts]] = msgspec.json.Decoder(
    dict[str, list[Parts] | Parts]
).decode
_kind: Callable[[Raw], _Kind] = msgspec.json.Decoder(_Kind).decode
_text: Callable[[Raw], str] = msgspec.json.Decoder(str).decode
_id: Callable[[Raw], _Id] = msgspec.json.Decoder(_Id).decode
_ids: Callable[[Raw], dict[str, list[_Id] | _Id]] = msgspec.json.Decoder(dict[str, list[_Id] | _Id]).decode
_identity: Callable[[Raw], _Identity] = msgspec.json.Decoder(_Identity).decode
_encode = msgspec.json.Encoder().encode


def with_ids(payload: Text) -> bytes:
    """Only what identifies each agent, group, activity and verb. Members stay where a group has no identifier."""
    return _encode(_said_with_ids(payload))


def in_canonical_form(payload: Text, definitions: Definitions, accept_language: str = "") -> bytes:
    """Activities as the record knows them, by IRI, and one language in each map; who did it stays as it was.

    An activity that the record knows nothing of keeps its own definition. Verbs keep their own display.
    """
    return _encode(_Canonical(definitions, preferences(accept_language)).said(_parts(payload)))


def activities_in_payloads(payloads: Iterable[Text]) -> set[str]:
    """The IRIs of all activities that these payloads name: those whose definitions the canonical form needs."""
    found: set[str] = set()
    for payload in payloads:
        _Gathering(found).said(_parts(payload))
    return found


def _said_with_ids(payload: Text | Raw) -> dict[str, Any]:
    said: dict[str, Any] = dict(_parts(payload))
    said["verb"] = _id(said["verb"])
    said["object"] = _object_with_id(said["object"])
    for name in ("actor", "authority"):
        if name in said:
            said[name] = _identity(said[name])
    if "context" in said:
        said["context"] = _context_with_ids(said["context"])
    return said


def _object_with_id(raw: Raw) -> Any:
    kind = _kind(raw).objectType
    if kind == "SubStatement":
        return _said_with_ids(raw)
    if kind == "StatementRef":
        return raw
    return _id(raw) if kind == "Activity" else _identity(raw)


def _context_with_ids(raw: Raw) -> dict[str, Any]:
    context: dict[str, Any] = dict(_parts(raw))
    for name in ("instructor", "team"):
        if name in context:
            context[name] = _identity(context[name])
    if "contextActivities" in context:
        uses = _ids(context["contextActivities"])
        context["contextActivities"] = {
            usage: listed if isinstance(listed, list) else [listed] for usage, listed in uses.items()
        }
    for name, inner in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            listed = _listed_parts(context[name])
            context[name] = [{**entry, inner: _identity(entry[inner])} for entry in listed]
    return context


class _Walk(ABC):
    """From a statement to each activity in it, wherever it stands."""

    def said(self, parts: Parts) -> dict[str, Any]:
        said: dict[str, Any] = dict(parts)
        said["verb"] = self.verb(said["verb"])
        kind = _kind(said["object"]).objectType
        if kind == "SubStatement":
            said["object"] = self.said(_parts(said["object"]))
        elif kind == "Activity":
            said["object"] = self.activity(_parts(said["object"]))
        if "context" in said:
            said["context"] = self._context(_parts(said["context"]))
        return said

    def _context(self, parts: Parts) -> dict[str, Any]:
        if "contextActivities" not in parts:
            return dict(parts)
        uses = _uses(parts["contextActivities"])
        return {**parts, "contextActivities": {usage: self._listed(listed) for usage, listed in uses.items()}}

    def _listed(self, listed: list[Parts] | Parts) -> list[Any]:
        """A single activity is returned as a list of one (Data 2.4.6.2)."""
        return [self.activity(one) for one in (listed if isinstance(listed, list) else [listed])]

    def verb(self, raw: Raw) -> Any:
        return raw

    @abstractmethod
    def activity(self, parts: Parts) -> Any:
        """What becomes of an activity, wherever it stands."""


class _Gathering(_Walk):
    def __init__(self, into: set[str]) -> None:
        self._into = into

    def activity(self, parts: Parts) -> Any:
        self._into.add(_text(parts["id"]))
        return parts


class _Canonical(_Walk):
    def __init__(self, definitions: Definitions, languages: Sequence[tuple[str, float]]) -> None:
        self._definitions = definitions
        self._languages = languages

    def verb(self, raw: Raw) -> Any:
        parts: dict[str, Any] = dict(_parts(raw))
        if "display" in parts:
            parts["display"] = self._one(msgspec.json.decode(parts["display"]))
        return parts

    def activity(self, parts: Parts) -> Any:
        known: Mapping[str, Any] = self._definitions.get(_text(parts["id"])) or {}
        if not known and "definition" in parts:
            known = _parts(parts["definition"])
        return {**parts, "definition": self._defined(known)} if known else parts

    def _defined(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        shown = dict(definition)
        for name in ("name", "description"):
            if name in shown:
                shown[name] = self._one(_read(shown[name]))
        for name in _COMPONENTS:
            if name in shown:
                shown[name] = [self._component(component) for component in _read(shown[name])]
        return shown

    def _component(self, component: dict[str, Any]) -> dict[str, Any]:
        if "description" not in component:
            return component
        return {**component, "description": self._one(component["description"])}

    def _one(self, words: Mapping[str, str]) -> dict[str, str]:
        if not words:
            return {}
        language = chosen(tuple(words), self._languages)
        return {language: words[language]}


def _read(value: Any) -> Any:
    """A property of a definition: text where it came with a statement, read already where the record knew it."""
    return msgspec.json.decode(value) if isinstance(value, Raw) else value
