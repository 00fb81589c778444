"""A scenario: scenes joined by choices. The first scene is the beginning; one without choices is an ending."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from .body import TextBlock


class ChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=300, label="What the learner could do")
    feedback = TextBlock(label="What follows from it, and why")
    next = blocks.CharBlock(max_length=50, label="Key of the next scene")

    class Meta:
        icon = "arrow-right"


class SceneBlock(blocks.StructBlock):
    key = blocks.CharBlock(max_length=50)
    title = blocks.CharBlock(max_length=100)
    text = TextBlock()
    choices = blocks.ListBlock(ChoiceBlock(), default=[])

    class Meta:
        icon = "view"
        template = "curriculum/blocks/scene.html"


class ScenesBlock(blocks.StreamBlock):
    scene = SceneBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        faults = [] if self.is_deferred_validation else scene_faults([scene.value for scene in cleaned])
        if faults:
            raise blocks.StreamBlockValidationError(
                non_block_errors=[ValidationError(fault) for fault in faults]
            )
        return cleaned

    class Meta:
        required = False


def scene_faults(scenes: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with how the scenes are joined, in words for an editor."""
    ways = {scene["key"]: [choice["next"] for choice in scene["choices"]] for scene in scenes}
    faults = []
    if len(ways) < len(scenes):
        faults.append("Two scenes have the same key. Give each scene a key of its own.")
    for key, nexts in ways.items():
        faults += [
            f"Scene “{key}” leads to “{n}”, but no scene has that key." for n in nexts if n not in ways
        ]
    if scenes and not faults:
        lost = set(ways) - _reached(ways, scenes[0]["key"])
        faults += [f"No choice leads to scene “{key}”." for key in ways if key in lost]
        faults += [f"Scene “{key}” never comes to an ending." for key in ways if not _ends(ways, key)]
    return faults


def _reached(ways: Mapping[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        key = ahead.pop()
        if key not in seen:
            seen.add(key)
            ahead += ways[key]
    return seen


def _ends(ways: Mapping[str, list[str]], start: str) -> bool:
    return any(not ways[key] for key in _reached(ways, start))
