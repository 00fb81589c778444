"""The small part of Markdown that writers may use: paragraphs, bold, lists and links."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ALLOWED = frozenset(
    {
        "paragraph_open", "paragraph_close", "inline", "text", "softbreak",
        "strong_open", "strong_close", "link_open", "link_close",
        "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close",
        "list_item_open", "list_item_close",
    }
)  # fmt: skip
_NAMES = {
    "em_open": "Italics are hard to read; use bold or plain words",
    "heading_open": "A heading needs a block of its own",
    "image": "A picture cannot stand inside text",
    "code_block": "A line starts with 4 or more spaces, so it would be shown as computer code",
}
_markdown = MarkdownIt("commonmark", {"html": False})


def html_from(text: str) -> str:
    """Wagtail's stored HTML for a text. ValueError, in a writer's words, for anything outside the small part."""
    tokens = _markdown.parse(text)
    for token in _flat(tokens):
        if token.type not in _ALLOWED and not token.type.endswith("_close"):
            raise ValueError(
                _NAMES.get(token.type, f"“{token.type.removesuffix('_open')}” is not allowed in text") + "."
            )
        if token.type == "link_open" and not str(token.attrs.get("href", "")).startswith("https://"):
            raise ValueError("A link must start with https://.")
    return _markdown.renderer.render(tokens, _markdown.options, {}).strip()


def _flat(tokens: list[Token]) -> list[Token]:
    return [token for parent in tokens for token in (parent, *(parent.children or []))]
