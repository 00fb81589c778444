"""What a page can be made of. Each block has an NHS look of its own in templates/curriculum/blocks/."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

# Italics are left out on purpose: they are hard to read for many people.
TEXT_FEATURES = ["bold", "ol", "ul", "link"]
LONGEST_HEADING = 65


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists, bold and links; nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        template = "curriculum/blocks/text.html"


class HeadingBlock(blocks.CharBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_HEADING, "help_text": "Sentence case.", **kwargs})

    class Meta:
        icon = "title"
        template = "curriculum/blocks/heading.html"


class VoiceBlock(blocks.StructBlock):
    """Somebody speaking, in a story."""

    who = blocks.CharBlock(max_length=120)
    text = TextBlock()

    class Meta:
        icon = "openquote"
        template = "curriculum/blocks/voice.html"


class WarningBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=LONGEST_HEADING)
    text = TextBlock()

    class Meta:
        icon = "warning"
        template = "curriculum/blocks/warning.html"


class DoBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=LONGEST_HEADING, default="Do")
    items = blocks.ListBlock(blocks.CharBlock(max_length=300))

    class Meta:
        icon = "tick"
        template = "curriculum/blocks/do.html"


class DontBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=LONGEST_HEADING, default="Do not")
    items = blocks.ListBlock(blocks.CharBlock(max_length=300))

    class Meta:
        icon = "cross"
        template = "curriculum/blocks/dont.html"


class DetailsBlock(blocks.StructBlock):
    summary = blocks.CharBlock(max_length=120)
    text = TextBlock()

    class Meta:
        icon = "collapse-down"
        template = "curriculum/blocks/details.html"


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(max_length=200)
    head = blocks.ListBlock(blocks.CharBlock(max_length=200), label="Column headings")
    rows = blocks.ListBlock(blocks.ListBlock(blocks.CharBlock(required=False)))

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        width = len(cleaned["head"])
        for number, row in enumerate(cleaned["rows"], start=1):
            if len(row) != width:
                message = f"Row {number} has {len(row)} cells, but there are {width} column headings."
                raise blocks.StructBlockValidationError({"rows": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "table"
        template = "curriculum/blocks/table.html"


class BodyBlock(blocks.StreamBlock):
    heading = HeadingBlock()
    text = TextBlock()
    voice = VoiceBlock()
    inset = TextBlock(icon="info-circle", template="curriculum/blocks/inset.html")
    warning = WarningBlock()
    do = DoBlock()
    dont = DontBlock(label="Do not")
    details = DetailsBlock()
    table = TableBlock()
    then_now = SnippetChooserBlock(
        "curriculum.DatedFact",
        label="Then and now",
        icon="date",
        template="curriculum/blocks/then_now.html",
    )
    try_it = TextBlock(label="Try it", icon="edit", template="curriculum/blocks/try_it.html")

    class Meta:
        required = False
