"""From bytes to statements: one reading of the JSON, one pass of checks, and each statement's own text kept."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

import msgspec

from .errors import Invalid
from .statements import Statement, shaped


class Received(NamedTuple):
    """A statement that keeps every rule, and the text of each of its properties exactly as it came."""

    statement: Statement
    properties: dict[str, msgspec.Raw]


def read_statements(body: bytes) -> list[Received]:
    """One statement, or a list of them. Raises Invalid; in a list its path starts with the position."""
    if not body.lstrip().startswith(b"["):
        return [read_statement(body)]
    received_statements = []
    for position, text in enumerate(_parsed(body, list[msgspec.Raw])):
        try:
            received_statements.append(read_statement(bytes(text)))
        except Invalid as fault:
            raise fault.under(f"[{position}]") from None
    return received_statements


def read_statement(text: bytes) -> Received:
    """One statement. Raises Invalid."""
    value = _strictly(text)
    if not isinstance(value, dict):
        raise Invalid("", "must be a JSON object")
    return Received(shaped(value, Statement), _parsed(text, dict[str, msgspec.Raw]))


def with_id(entry: Received, statement_id: UUID) -> Received:
    """The statement under the id that its address names. Raises Invalid if it names another itself."""
    if not entry.statement.id:
        entry.statement.id = str(statement_id)
    elif UUID(entry.statement.id) != statement_id:
        raise Invalid("id", "must be the same as statementId")
    return entry


def received(statement: Mapping[str, object]) -> Received:
    """A statement that was built here, as if it had come in. Raises Invalid."""
    try:
        return read_statement(msgspec.json.encode(statement))
    except TypeError as error:
        raise Invalid("", f"must be JSON: {error}") from None


def _parsed(text: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid("", f"must be JSON: {error}") from None
    except RecursionError:
        raise Invalid("", "is nested too deeply") from None


def _strictly(text: bytes) -> Any:
    """JSON with what it leaves open closed: no key twice, no number beyond a double, no text without characters."""
    try:
        value = _STRICT.decode(text.decode())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Invalid("", f"must be JSON in UTF-8: {error}") from None
    except RecursionError:
        raise Invalid("", "is nested too deeply") from None
    if b"\\u" in text:
        _check_characters(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid("", f"the property {twice!r} appears twice in one object")
    return members


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Invalid("", f"the number {digits[:20]} is too large")
    return value


def _whole_number(digits: str) -> int:
    if len(digits) > 300:
        raise Invalid("", f"the number {digits[:20]}… is too large")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise Invalid("", f"{name} is not JSON")


def _check_characters(value: Any) -> None:
    """An escape can name what is no character, or the one character that no database text may hold."""
    try:
        flat = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Invalid("", "half of a surrogate pair is not a character") from None
    if b"\\u0000" in flat.replace(b"\\\\", b""):
        raise Invalid("", "the character U+0000 cannot be kept")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_number, parse_int=_whole_number, parse_constant=_no_constant
)
