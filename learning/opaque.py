"""Statements without the names and addresses of people: accounts stay, as far as they are opaque."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.conf import settings

from .xapi import Invalid
from .xapi.actors import Actor
from .xapi.shapes import shaped

HIDDEN = "(hidden)"
_PERSONAL = ("name", "mbox", "mbox_sha1sum", "openid")
_WITH_ACTORS = ("actor", "object", "context")


def without_names(payload: str) -> str:
    """The payload with every name and address in its actors hidden. What needs no hiding stays to the byte."""
    properties = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    for name in _WITH_ACTORS:
        if name in properties:
            part = {name: msgspec.json.decode(properties[name])}
            hidden = [_hide(actor) for actor in _actors(part)]
            if any(hidden):
                properties[name] = msgspec.Raw(msgspec.json.encode(part[name]))
    return msgspec.json.encode(properties).decode()


def identifiers_in(content: dict[str, Any]) -> set[str]:
    """The identifiers of all actors that a statement names."""
    found = set()
    for actor in _actors(content):
        try:
            found.add(shaped({"objectType": "Agent", **actor}, Actor).key)
        except Invalid:
            continue  # a group without an identifier
    return {key for key in found if key}


def opaque(identifier: str | None) -> str:
    """How an actor is told on a screen, by its identifier; None is a group without one."""
    if identifier is None:
        return "A group without an identifier"
    kind, _, rest = identifier.partition("|")
    if kind != "account":
        return {"mbox": "An e-mail address", "openid": "An OpenID"}.get(
            kind, "A hashed address"
        ) + f" {HIDDEN}"
    home, _, name = rest.rpartition("|")
    name = HIDDEN if "@" in name else name
    return name if home == settings.IRI_BASE else f"{name} at {home}"


def _actors(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every actor in a statement, or in some of its properties."""
    thing, context = said.get("object", {}), said.get("context", {})
    if "actor" in said:
        yield from _with_members(said["actor"])
    if thing.get("objectType") in ("Agent", "Group"):
        yield from _with_members(thing)
    if thing.get("objectType") == "SubStatement":
        yield from _actors(thing)
    for name in ("instructor", "team"):
        if name in context:
            yield from _with_members(context[name])
    for entry in [*context.get("contextAgents", []), *context.get("contextGroups", [])]:
        yield from _with_members(entry.get("agent") or entry.get("group"))


def _with_members(actor: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield actor
    yield from actor.get("member", [])


def _hide(actor: dict[str, Any]) -> bool:
    """True if there was something to hide."""
    personal = [name for name in _PERSONAL if name in actor]
    actor |= dict.fromkeys(personal, HIDDEN)
    account = actor.get("account", {})
    # Some systems use an e-mail address as the name of an account.
    if "@" in account.get("name", ""):
        account["name"] = HIDDEN
        return True
    return bool(personal)
