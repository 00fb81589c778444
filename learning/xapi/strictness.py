"""JSON with what it leaves open closed (Data 2.2): no property twice, no number beyond a double, no text without
characters, no bottomless nesting.

Finding properties that appear twice takes longer than all other checks together, because it takes Python. So it is
done only where a quick count of the properties cannot prove that there are none.
"""

import json
import re
from collections import Counter
from typing import Any, NoReturn

import msgspec

from .errors import Invalid

# Only extensions nest freely; nothing that the specification names stands deeper than ten.
MOST_NESTED = 100
MOST_BRACKETS = 250_000  # a list of nothing takes two bytes here and thirty times as much once it is read
MOST_DIGITS = 300

_encode = msgspec.json.Encoder().encode
# Escapes of a colon, which would upset the count, and of what no database text may hold.
_UNSAFE_ESCAPES = re.compile(rb"\\u00(?:3[Aa]|00)")
# A number of so many digits shows at two neighbouring places of every 150th.
_STRIDE = MOST_DIGITS // 2
_TWO_DIGITS = re.compile(rb"[0-9]{2}")
_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % (MOST_DIGITS + 1))
# A string that does not end goes to the end, and no try is made twice: so this takes time in step with the text.
_STRINGS_AND_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


def is_plainly_strict(text: bytes, value: object) -> bool:
    """True only if `text`, which was read as `value`, is surely strict. False says nothing.

    A colon stands after the name of a property, or in a string. Where a property appears twice, all but its last
    value are passed over, and so `value` written again holds fewer colons than `text`; else it holds as many.
    """
    if b"\\u" in text and _UNSAFE_ESCAPES.search(text):
        return False
    if _TWO_DIGITS.search(text[::_STRIDE]) and _LONG_NUMBER.search(text):
        return False
    return text.count(b":") == _encode(value).count(b":")


def check_depth(text: bytes) -> None:
    """Raises Invalid. To be asked before anything else, since what reads JSON is recursive."""
    opened = text.count(b"{") + text.count(b"[")
    if opened > MOST_BRACKETS:
        raise Invalid("", f"holds {opened} objects and lists: {MOST_BRACKETS} are the most")
    if opened <= MOST_NESTED:
        return
    depth = 0
    for found in _STRINGS_AND_BRACKETS.finditer(text):
        sign = found[0]
        if sign in b"{[":
            depth += 1
        elif sign in b"}]":
            depth -= 1
        if depth > MOST_NESTED:
            raise Invalid("", f"is nested too deeply: {MOST_NESTED} levels are the most")


def check_strictly(text: bytes) -> None:
    """Raises Invalid for whatever JSON leaves open."""
    try:
        value = _STRICT.decode(text.decode())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Invalid("", f"must be JSON in UTF-8: {error}") from None
    except RecursionError:
        raise Invalid("", "is nested too deeply") from None
    if b"\\u" in text:
        _check_characters(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        # Counted all at once: an object may have a million properties, and each would be compared with each.
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise Invalid("", f"the property {twice!r} appears twice in one object")
    return members


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Invalid("", f"the number {digits[:20]} is too large")
    return value


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
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
