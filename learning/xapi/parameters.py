"""What may be asked of the Statement Resource (Communication 2.1.3), read from the query of an address."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from .actors import Actor
from .errors import Invalid
from .formats import Iri, Uuid, instant, written
from .shapes import shaped

MOST = 500
USUAL = 100


class Cursor(NamedTuple):
    """The last statement of a page, by the two keys that statements are ordered by."""

    stored: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{written(self.stored)}_{self.id}"


class Asked(msgspec.Struct, kw_only=True):
    """A question to the Statement Resource. `agent` is an identifier as in Actor.key; `limit` is at least 1."""

    statement_id: UUID | None = None
    voided_statement_id: UUID | None = None
    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int = USUAL
    ascending: bool = False
    cursor: Cursor | None = None
    format: str = "exact"
    attachments: bool = False


def asked(parameters: Mapping[str, Sequence[str]]) -> Asked:
    """Read them. Raises Invalid, whose path is the name of the parameter."""
    question = Asked()
    for name, values in parameters.items():
        if name not in _READERS:
            raise Invalid(name, "is not a parameter of this resource")
        if len(values) != 1:
            raise Invalid(name, "must be given once")
        try:
            field, read = _READERS[name]
            setattr(question, field, read(values[0]))
        except Invalid as fault:
            raise fault.under(name) from None
    _check_together(set(parameters))
    return question


def _check_together(names: set[str]) -> None:
    single = names & {"statementId", "voidedStatementId"}
    others = sorted(names - single - {"attachments", "format"})
    if single and (len(single) > 1 or others):
        beside = "voidedStatementId" if len(single) > 1 else others[0]
        raise Invalid(beside, f"cannot stand beside {min(single)}")


def uuid_of(text: str) -> UUID:
    return UUID(shaped(text, Uuid))


def _iri(text: str) -> str:
    return shaped(text, Iri)


def _identifier(text: str) -> str:
    try:
        actor = shaped(msgspec.json.decode(text), Actor)
    except (msgspec.DecodeError, RecursionError):
        raise Invalid("", "must be an agent or an identified group, as JSON") from None
    if actor.key is None:
        raise Invalid("", "must have an identifier")
    if "\x00" in actor.key:
        raise Invalid("", "must not hold the character U+0000")
    return actor.key


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise Invalid("", "must be true or false")
    return text == "true"


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Invalid("", "must be a whole number, 0 or more")
    return min(int(text) or MOST, MOST)


def _cursor(text: str) -> Cursor:
    stored, _, statement_id = text.partition("_")
    try:
        return Cursor(instant(stored), uuid_of(statement_id))
    except Invalid:
        raise Invalid("", "must be taken unchanged from the address in more") from None


def _only_exact(text: str) -> str:
    if text != "exact":
        raise Invalid("", "must be exact: this record returns statements as they were received")
    return text


def _no_attachments(text: str) -> bool:
    if _flag(text):
        raise Invalid("", "must be false: this record keeps no attached files, only where they are")
    return False


# The field of Asked that each parameter fills, and how it is read.
_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "statementId": ("statement_id", uuid_of),
    "voidedStatementId": ("voided_statement_id", uuid_of),
    "agent": ("agent", _identifier),
    "verb": ("verb", _iri),
    "activity": ("activity", _iri),
    "registration": ("registration", uuid_of),
    "related_agents": ("related_agents", _flag),
    "related_activities": ("related_activities", _flag),
    "since": ("since", instant),
    "until": ("until", instant),
    "limit": ("limit", _limit),
    "ascending": ("ascending", _flag),
    "cursor": ("cursor", _cursor),
    "format": ("format", _only_exact),
    "attachments": ("attachments", _no_attachments),
}
