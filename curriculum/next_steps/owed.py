"""What an organisation owes its patient representatives, as the outline of the curriculum says it."""

from functools import cache
from pathlib import Path

import msgspec

_OUTLINE = Path(__file__).resolve().parent.parent / "content" / "curriculum.json"


class _Owed(msgspec.Struct, frozen=True):
    text: str


class _Outline(msgspec.Struct, frozen=True):
    organisation_owes: list[_Owed]


@cache
def organisation_owes() -> tuple[str, ...]:
    outline = msgspec.json.decode(_OUTLINE.read_bytes(), type=_Outline)
    return tuple(owed.text for owed in outline.organisation_owes)
