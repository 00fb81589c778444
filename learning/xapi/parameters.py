"""What may be asked of the Statement Resource (Communication 2.1.3), read from the query of an address.

Names and values are taken to the letter: `Verb` is not `verb`, and `True` is not `true` (Data 2.2).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, cast, get_args
from uuid import UUID

import msgspec

from .actors import Actor
from .errors import Invalid
from .formats import Iri, Uuid, instant, written
from .reading import read_as
from .shapes import shaped

# The most statements of one page: as many as there are where `limit` is 0 or missing.
MOST = 500

Format = Literal["exact", "ids", "canonical"]

_ACTOR = msgspec.json.Decoder(Actor)


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
    limit: int = MOST
    ascending: bool = False
    cursor: Cursor | None = None
    format: Format = "exact"
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


def actor_of(text: str) -> Actor:
    """An agent or an identified group, as JSON. Raises Invalid, with a path from there."""
    try:
        actor = read_as(text.encode(), _ACTOR)
    except UnicodeEncodeError:
        raise Invalid("", "must be text in UTF-8") from None
    if actor.key is None:
        raise Invalid("", "must have an identifier: mbox, mbox_sha1sum, openid or account")
    return actor


def _identifier(text: str) -> str | None:
    return actor_of(text).key


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


def _format(text: str) -> Format:
    if text not in get_args(Format):
        raise Invalid("", f"must be one of {', '.join(get_args(Format))}")
    return cast(Format, text)


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
    "format": ("format", _format),
    "attachments": ("attachments", _flag),
}
