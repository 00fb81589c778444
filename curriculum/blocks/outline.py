"""The outline of a module: what people will be able to do, which capability that shows, and how."""

from typing import Any

from wagtail import blocks


class _Lines(blocks.ListBlock):
    """A list of short keys."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.CharBlock(max_length=50), **{"default": [], **kwargs})


class OutcomeBlock(blocks.StructBlock):
    key = blocks.CharBlock(max_length=50)
    text = blocks.CharBlock(max_length=300, label="What people will be able to do")
    capability = blocks.CharBlock(max_length=10, label="Code of the capability")

    class Meta:
        icon = "tick"


class EvidenceBlock(blocks.StructBlock):
    capability = blocks.CharBlock(max_length=10, label="Code of the capability")
    level = blocks.IntegerBlock(min_value=1, max_value=4)
    practice_activities = _Lines(help_text="Keys of the activities whose confirmation gives level 3.")
    portfolio_activities = _Lines(help_text="Keys of the portfolios whose confirmation gives level 4.")
    when = blocks.CharBlock(
        required=False, max_length=200, help_text="If this is only for some people, say for whom."
    )

    class Meta:
        icon = "success"


class PromptBlock(blocks.StructBlock):
    capability = blocks.CharBlock(max_length=10, label="Code of the capability")
    text = blocks.CharBlock(max_length=300)

    class Meta:
        icon = "edit"


class OutcomesBlock(blocks.StreamBlock):
    outcome = OutcomeBlock()

    class Meta:
        required = False


class EvidencesBlock(blocks.StreamBlock):
    evidence = EvidenceBlock()

    class Meta:
        required = False


class PromptsBlock(blocks.StreamBlock):
    prompt = PromptBlock()

    class Meta:
        required = False
