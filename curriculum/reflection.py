"""The 14 questions on how one leads (Box 1 of the report), as the outline of the curriculum asks them.

Whoever wants to can answer them, for themself alone: nothing of it is scored, shared, counted or on the record.
"""

from functools import cache
from pathlib import Path

import msgspec

_OUTLINE = Path(__file__).with_name("content") / "curriculum.json"


class _SelfReflection(msgspec.Struct, frozen=True):
    prompts: list[str]


class _Outline(msgspec.Struct, frozen=True):
    box1_self_reflection: _SelfReflection


@cache
def questions() -> dict[int, str]:
    """Number, from 1, → question."""
    outline = msgspec.json.decode(_OUTLINE.read_bytes(), type=_Outline)
    return dict(enumerate(outline.box1_self_reflection.prompts, start=1))
