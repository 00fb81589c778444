"""From bytes to statements: one reading of the JSON, one pass of checks, and each statement's own text kept."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from .errors import Invalid
from .families import check_family
from .shapes import in_words
from .statements import Statement
from .strictness import check_depth, check_strictly, is_plainly_strict
from .versions import Version

T = TypeVar("T")

MOST_IN_BATCH = 10_000


class Received(NamedTuple):
    """A statement that keeps every rule, and the text of each of its properties exactly as it came."""

    statement: Statement
    properties: dict[str, msgspec.Raw]


class _Anything(msgspec.Struct, gc=False):
    """An object whose properties are passed over: the smallest thing that a batch can be counted in."""


_LIST = re.compile(rb"[ \t\n\r]*\[")
_STATEMENT = msgspec.json.Decoder(Statement)
_PROPERTIES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_OBJECTS = msgspec.json.Decoder(list[_Anything])
_BATCH = msgspec.json.Decoder(list[msgspec.Raw])


def read_statements(body: bytes, version: Version = Version.ONE) -> list[Received]:
    """One statement, or a list of them. Raises Invalid; in a list its path starts with the position."""
    return list(each_statement(body, version))


def each_statement(body: bytes, version: Version = Version.ONE) -> Iterator[Received]:
    """The same one after the other, so that a large batch need not be held as structures all at once."""
    if not _LIST.match(body):
        yield read_statement(body, version)
        return
    for position, text in enumerate(_batch(body)):
        try:
            entry = read_statement(bytes(text), version)
        except Invalid as fault:
            raise fault.under(f"[{position}]") from None
        yield entry


def read_statement(text: bytes, version: Version = Version.ONE) -> Received:
    """One statement. Raises Invalid."""
    statement = read_as(text, _STATEMENT)
    check_family(statement, version)
    return Received(statement, _PROPERTIES.decode(text))


def read_as(text: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """JSON as what the decoder makes of it, read strictly. Raises Invalid."""
    check_depth(text)
    try:
        value = decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        check_strictly(text)
        raise _in_words(error) from None
    if not is_plainly_strict(text, value):
        check_strictly(text)
    return value


def with_id(entry: Received, statement_id: UUID) -> Received:
    """The statement under the id that its address names. Raises Invalid if it names another itself."""
    if not entry.statement.id:
        entry.statement.id = str(statement_id)
    elif UUID(entry.statement.id) != statement_id:
        raise Invalid("id", "must be the same as statementId")
    return entry


def received(statement: Mapping[str, object], version: Version = Version.ONE) -> Received:
    """A statement that was built here, as if it had come in. Raises Invalid."""
    try:
        return read_statement(msgspec.json.encode(statement), version)
    except (TypeError, OverflowError, RecursionError) as error:
        raise Invalid("", f"must be JSON: {error}") from None


def _batch(body: bytes) -> list[msgspec.Raw]:
    """The texts of the statements in a list. Counted first, since a text takes far more room than two bytes."""
    try:
        count = len(_OBJECTS.decode(body)) if len(body) > MOST_IN_BATCH else 0
        if count > MOST_IN_BATCH:
            raise Invalid("", f"must hold no more than {MOST_IN_BATCH} statements, and holds {count}")
        return _BATCH.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _in_words(error) from None


def _in_words(error: Any) -> Invalid:
    if isinstance(error, RecursionError):
        return Invalid("", "is nested too deeply")
    return (
        in_words(error) if isinstance(error, msgspec.MsgspecError) else Invalid("", f"must be JSON: {error}")
    )
