"""Documents beside statements (Communication 2.2): which one is meant, what may be kept, how two become one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from .actors import Actor
from .errors import Invalid
from .formats import Iri, instant
from .multipart import TooLarge
from .parameters import actor_of, uuid_of
from .shapes import shaped

LONGEST_NAME = 1000  # characters
LARGEST_MERGED = 10 * 1024 * 1024  # bytes: else a document would grow with every POST
JSON = "application/json"
# What a document is kept as whose sender does not say (RFC 9110, 8.3).
UNKNOWN = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[!#$&^_.+\-0-9A-Za-z]{1,100}/[!#$&^_.+\-0-9A-Za-z]{1,100}(?: {0,9};[ -~]{0,200})?")


@dataclass(frozen=True)
class Kind:
    """One of the three Document Resources: the parameter that names a document, and those around it."""

    name: str
    id: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()


STATE = Kind("state", "stateId", ("activityId", "agent"), ("registration",))
ACTIVITY_PROFILE = Kind("activity", "profileId", ("activityId",))
AGENT_PROFILE = Kind("agent", "profileId", ("agent",))


class Asked(msgspec.Struct, kw_only=True, frozen=True):
    """Which documents a request is about: one where it has a name, else all around. `agent` is an identifier."""

    kind: Kind
    activity: str | None = None
    agent: str | None = None
    registration: UUID | None = None
    name: str | None = None
    since: datetime | None = None


def asked(
    kind: Kind, parameters: Mapping[str, Sequence[str]], *, needs_name: bool, takes_since: bool
) -> Asked:
    """Read the parameters. Raises Invalid, whose path is the name of the parameter."""
    allowed = {*kind.needs, *kind.takes, kind.id} | ({"since"} if takes_since else set())
    found = {name: _read(name, values, allowed) for name, values in parameters.items()}
    for name in (*kind.needs, kind.id) if needs_name else kind.needs:
        if name not in found:
            raise Invalid(name, "is missing")
    if "since" in found and kind.id in found:
        raise Invalid("since", f"cannot stand beside {kind.id}")
    return Asked(kind=kind, **{_FIELDS[name]: value for name, value in found.items()})


def agent_of(text: str) -> Actor:
    """An agent, as JSON: not a group (Communication 2.6, note). Raises Invalid, with a path from there."""
    actor = actor_of(text)
    if actor.objectType == "Group":
        raise Invalid("objectType", "must be Agent: a group's identifier may stand in an agent")
    return actor


def person(agent: Actor) -> dict[str, object]:
    """What is known of somebody from how they are named: a Person, of lists (Communication 2.4)."""
    named = {name: getattr(agent, name) for name in ("name", "mbox", "mbox_sha1sum", "openid", "account")}
    return {"objectType": "Person"} | {name: [value] for name, value in named.items() if value is not UNSET}


def iri_of(text: str) -> str:
    return shaped(text, Iri)


def media_type_of(header: str) -> str:
    """The Content-Type as it is kept and given back. Raises Invalid."""
    if not header:
        return UNKNOWN
    if not _MEDIA_TYPE.fullmatch(header):
        raise Invalid("Content-Type", "must be a media type, such as application/json")
    return header


def is_json(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower() == JSON


def check_document(content: bytes, media_type: str) -> None:
    """What says that it is JSON must be (Communication 3.2). Raises Invalid."""
    if is_json(media_type):
        _decoded(content, object)


def check_object(content: bytes, media_type: str) -> None:
    """As what is posted (Communication 2.2): JSON must be an object, that others can be merged into."""
    if is_json(media_type):
        _members(content, "the document that is sent")


def merged(kept: bytes, kept_type: str, sent: bytes, sent_type: str) -> bytes:
    """The document that is kept, with the properties of the one that is sent; of each the whole.

    Raises Invalid and TooLarge.
    """
    for media_type, which in ((sent_type, "sent"), (kept_type, "kept")):
        if not is_json(media_type):
            raise Invalid(
                "Content-Type", f"documents are merged as {JSON}, and the one that is {which} is not"
            )
    members = _members(kept, "the document that is kept")
    members |= _members(sent, "the document that is sent")
    content = msgspec.json.encode(members)
    if len(content) > LARGEST_MERGED:
        raise TooLarge("", f"must be no larger than {LARGEST_MERGED} bytes together with what is kept")
    return content


def _members(content: bytes, which: str) -> dict[str, msgspec.Raw]:
    """Each value as it was written."""
    if not isinstance(_decoded(content, object), dict):
        raise Invalid("", f"{which} must be a JSON object")
    members: dict[str, msgspec.Raw] = _decoded(content, dict[str, msgspec.Raw])
    return members


def _decoded(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content.decode(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid("", f"must be JSON in UTF-8: {error}") from None
    except RecursionError:
        raise Invalid("", "is nested too deeply") from None


def _read(name: str, values: Sequence[str], allowed: set[str]) -> Any:
    if name not in allowed:
        raise Invalid(name, "is not a parameter of this resource")
    if len(values) != 1:
        raise Invalid(name, "must be given once")
    try:
        return _READERS[name](values[0])
    except Invalid as fault:
        raise fault.under(name) from None


def _identifier(text: str) -> str | None:
    return agent_of(text).key


def _name(text: str) -> str:
    if not text or len(text) > LONGEST_NAME or "\x00" in text:
        raise Invalid("", f"must be 1 to {LONGEST_NAME} characters, without U+0000")
    return text


_READERS: dict[str, Callable[[str], object]] = {
    "activityId": iri_of,
    "agent": _identifier,
    "registration": uuid_of,
    "stateId": _name,
    "profileId": _name,
    "since": instant,
}
_FIELDS = {
    "activityId": "activity",
    "agent": "agent",
    "registration": "registration",
    "stateId": "name",
    "profileId": "name",
    "since": "since",
}
