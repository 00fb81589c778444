"""Reading a value into one of the structures here, and putting a fault of that into words."""

import re
from typing import Any, TypeVar

import msgspec

from .errors import Invalid
from .formats import IN_WORDS

T = TypeVar("T")

# What msgspec says, and where: "… - at `$.context.language`", or "… - at `key` in `$.verb.display`".
_FAULT = re.compile(r"(?s)(?P<what>.*?)(?: - at (?P<key>`key` in )?`\$\.?(?P<path>[^`]*)`)?\Z")
_TYPE = re.compile(r"(?s)Expected (?P<wanted>.*), got (?P<found>.*)\Z")
_NAMES = {"float": "number", "int": "whole number", "str": "string", "bool": "boolean", "raw": "value"}


def shaped(value: Any, kind: type[T]) -> T:
    """`value` as `kind`. Raises Invalid, whose path starts at `value`."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise in_words(error) from None


def in_words(error: msgspec.MsgspecError) -> Invalid:
    """The fault that msgspec found, with the path from what was read and a rule that a person understands."""
    fault = _FAULT.fullmatch(str(error))
    if not isinstance(error, msgspec.ValidationError) or fault is None:
        return Invalid("", f"must be JSON: {error}")
    what, path = fault["what"], fault["path"] or ""
    if isinstance(error.__cause__, Invalid):
        return error.__cause__.under(path)
    if what.startswith("Object missing required field"):
        return Invalid(what.split("`")[1], "is missing").under(path)
    if what.startswith("Object contains unknown field"):
        name = what.partition("`")[2].removesuffix("`")
        return Invalid(name, "is not a property of the specification here").under(path)
    return Invalid(path, f"each of its keys {_rule(what)}" if fault["key"] else _rule(what))


def _rule(what: str) -> str:
    for pattern, words in IN_WORDS.items():
        if repr(pattern) in what or pattern in what:
            return words
    if what.startswith("Invalid enum value"):
        value = what.removeprefix("Invalid enum value").strip()
        return f"must be a value that the specification names, in the same case, and not {value}"
    if what.endswith("of length >= 1"):
        return "must not be empty"
    kinds = _TYPE.fullmatch(what)
    if kinds:
        return f"must be of type {_named(kinds['wanted'])}, not {_named(kinds['found'])}"
    return what[:1].lower() + what[1:].replace("`", "")


def _named(kinds: str) -> str:
    """Types by the names that JSON has for them."""
    names = kinds.replace("`", "").split(" | ")
    return " or ".join(_NAMES.get(name, name) for name in names)
