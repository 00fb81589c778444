"""NHS design system components for templates: `{% load nhsuk %}`.

How to use each, with examples: templates/components/README.md. Text given to a tag is escaped; what stands
between a tag and its end tag is template content. Heading levels are yours to give (`level=`), so that a page
keeps one h1 and skips none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from config.fields import first_input_id, render_field

register = template.Library()

# Path data of the NHS icons in use (nhsuk-frontend, MIT licence).
ICONS = {
    "tick": (
        "M11.4 17.5a2 2 0 0 1-2.7.1h-.1L4 12.8a1.5 1.5 0 0 1 2.1-2L10 14.7l8.1-8.1a1.5 1.5 0 1 1 2.2 2l-8.9 9Z"
    ),
    "cross": (
        "M17 18.5c-.4 0-.8-.1-1.1-.4l-10-10c-.6-.6-.6-1.6 0-2.1.6-.6 1.5-.6 2.1 0l10 10c.6.6.6 1.5 0 2.1"
        "-.3.3-.6.4-1 .4z M7 18.5c-.4 0-.8-.1-1.1-.4-.6-.6-.6-1.5 0-2.1l10-10c.6-.6 1.5-.6 2.1 0"
        " .6.6.6 1.5 0 2.1l-10 10c-.3.3-.6.4-1 .4z"
    ),
    "arrow-left": (
        "M10.7 6.3c.4.4.4 1 0 1.4L7.4 11H19a1 1 0 0 1 0 2H7.4l3.3 3.3c.4.4.4 1 0 1.4a1 1 0 0 1-1.4 0l-5-5"
        "A1 1 0 0 1 4 12c0-.3.1-.5.3-.7l5-5a1 1 0 0 1 1.4 0Z"
    ),
    "arrow-right": (
        "m14.7 6.3 5 5c.2.2.3.4.3.7 0 .3-.1.5-.3.7l-5 5a1 1 0 0 1-1.4-1.4l3.3-3.3H5a1 1 0 0 1 0-2h11.6"
        "l-3.3-3.3a1 1 0 1 1 1.4-1.4Z"
    ),
    "arrow-right-circle": (
        "M12 2a10 10 0 0 0-10 9h11.7l-4-4a1 1 0 0 1 1.5-1.4l5.6 5.7a1 1 0 0 1 0 1.4l-5.6 5.7a1 1 0 0 1-1.5 0"
        " 1 1 0 0 1 0-1.4l4-4H2A10 10 0 1 0 12 2z"
    ),
    "user": (
        "M12 1a11 11 0 1 1 0 22 11 11 0 0 1 0-22Zm0 2a9 9 0 0 0-5 16.5V18a4 4 0 0 1 4-4h2a4 4 0 0 1 4 4v1.5"
        "A9 9 0 0 0 12 3Zm0 3a3.5 3.5 0 1 1-3.5 3.5A3.4 3.4 0 0 1 12 6Z"
    ),
}

# Titles of a notification banner by Django's message level.
BANNER_TITLES = {"success": "Success", "error": "There is a problem"}


def _component(name: str, /, **context: Any) -> SafeString:
    return render_to_string(f"components/{name}.html", context)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An NHS icon that says nothing to a screen reader: give words beside it."""
    return _component("icon", name=name, path=ICONS[name])


# Forms


@register.simple_tag
def field(bound_field: BoundField, **options: Any) -> SafeString:
    """A form field with its label or legend, hint, error and control.

    Options: hint, label, size ("s" to "xl", of label or legend), heading=True (the label is the page's h1),
    width (2 to 30 characters), autocomplete, rows, max_words, inline, small, item_hints (by choice value).
    """
    return render_field(bound_field, **options)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All fields of a form, in order."""
    return SafeString("".join(render_field(bound) for bound in form))


@register.simple_tag
def error_summary(*forms: BaseForm, errors: Iterable[tuple[str, str]] = ()) -> SafeString:
    """What is wrong, at the top of the page, each line a link to its field; nothing when nothing is wrong.

    `errors` adds (text, href) pairs for controls that are no Django form.
    """
    found: list[dict[str, object]] = [error for form in forms for error in _errors_of(form)]
    found += [{"text": text, "href": href} for text, href in errors]
    return _component("error_summary", errors=found) if found else SafeString("")


def _errors_of(form: BaseForm) -> list[dict[str, object]]:
    """What is wrong with the form as a whole leads to its first field."""
    visible = form.visible_fields()
    found: list[dict[str, object]] = []
    if visible:
        found += [
            {"text": text, "href": f"#{first_input_id(visible[0])}"} for text in form.non_field_errors()
        ]
    for bound in form:
        if bound.errors:
            found.append({"text": bound.errors[0], "href": f"#{first_input_id(bound)}"})
    return found


@register.simple_tag
def button(
    text: str,
    *,
    variant: str = "",
    name: str = "",
    value: str = "",
    small: bool = False,
    type: str = "submit",
    hidden_text: str = "",
) -> SafeString:
    """A button. variant: secondary, reverse, warning. hidden_text tells apart buttons with the same words."""
    return _component(
        "button",
        text=text,
        variant=variant,
        name=name,
        value=value,
        small=small,
        type=type,
        hidden_text=hidden_text,
    )


# Links


@register.simple_tag
def link_button(
    text: str, href: str, *, variant: str = "", small: bool = False, hidden_text: str = ""
) -> SafeString:
    """A link that looks like a button: the main way on from a page."""
    return _component(
        "link_button", text=text, href=href, variant=variant, small=small, hidden_text=hidden_text
    )


@register.simple_tag
def action_link(text: str, href: str) -> SafeString:
    return _component("action_link", text=text, href=href)


@register.simple_tag
def back_link(href: str, text: str = "Back") -> SafeString:
    return _component("back_link", text=text, href=href)


@register.simple_tag
def breadcrumb(*parts: str, items: Sequence[tuple[str, str]] = ()) -> SafeString:
    """Where this page stands: label, href, label, href … from the top; the page itself is left out."""
    pairs = [*items, *zip(parts[::2], parts[1::2], strict=True)]
    return _component("breadcrumb", items=pairs, last=pairs[-1]) if pairs else SafeString("")


@register.simple_tag
def contents_list(items: Sequence[tuple[str, str]], label: str = "Pages in this guide") -> SafeString:
    """(text, href) pairs; the current page has an empty href."""
    return _component("contents_list", items=items, label=label)


@register.simple_tag
def pagination(
    *,
    previous_href: str = "",
    previous_text: str = "",
    next_href: str = "",
    next_text: str = "",
    label: str = "Pagination",
) -> SafeString:
    """The page before and the page after, each with its title."""
    if not previous_href and not next_href:
        return SafeString("")
    return _component(
        "pagination",
        previous_href=previous_href,
        previous_text=previous_text,
        next_href=next_href,
        next_text=next_text,
        label=label,
    )


@register.simple_tag(takes_context=True)
def page_links(context: template.Context, page: "Page[Any]", query: str = "page") -> SafeString:
    """Previous and next for a page of Django's Paginator; other parts of the address stay."""
    total = page.paginator.num_pages

    def href(number: int) -> str:
        asked = context["request"].GET.copy()
        asked[query] = str(number)
        return f"?{asked.urlencode()}"

    return pagination(
        previous_href=href(page.number - 1) if page.has_previous() else "",
        previous_text=f"{page.number - 1} of {total}",
        next_href=href(page.number + 1) if page.has_next() else "",
        next_text=f"{page.number + 1} of {total}",
        label="Pages of this list",
    )


# Words and blocks


@register.simple_tag
def tag(text: str, colour: str = "") -> SafeString:
    """A state in a word. Colours: white, grey, blue, aqua-green, purple, pink, yellow. Never red, amber or green."""
    return _component("tag", text=text, colour=colour)


@register.simple_tag
def in_preparation() -> SafeString:
    """The state of a module that has its outline but cannot be started."""
    return tag("In preparation", "grey")


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return _component("inset", content=content)


@register.simple_block_tag
def warning_callout(content: str, heading: str = "Important", level: int = 2) -> SafeString:
    return _component("warning_callout", content=content, heading=heading, level=level)


@register.simple_tag
def do_list(items: Iterable[str], heading: str = "Do", level: int = 2) -> SafeString:
    return _component("do_dont", items=items, heading=heading, level=level, mark="tick")


@register.simple_tag
def dont_list(items: Iterable[str], heading: str = "Don’t", level: int = 2) -> SafeString:
    """ "do not" is put before each item."""
    return _component("do_dont", items=items, heading=heading, level=level, mark="cross")


@register.simple_block_tag
def card(content: str, heading: str, href: str = "", level: int = 2, variant: str = "") -> SafeString:
    """A card; with `href` all of it can be clicked. variant: feature, secondary."""
    return _component("card", content=content, heading=heading, href=href, level=level, variant=variant)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:
    return _component("details", content=content, summary=summary, open=open, expander=False)


@register.simple_block_tag
def expander(content: str, summary: str, open: bool = False) -> SafeString:
    return _component("details", content=content, summary=summary, open=open, expander=True)


@register.simple_block_tag
def panel(content: str, heading: str) -> SafeString:
    """Something is finished: the heading is the page's h1."""
    return _component("panel", content=content, heading=heading)


@register.simple_block_tag
def voice(content: str, who: str = "") -> SafeString:
    """Somebody tells what happened to them. `who`: in what role they speak."""
    return _component("voice", content=content, who=who)


@register.simple_tag
def then_and_now(
    then: str, now: str, *, then_heading: str = "Then", now_heading: str = "Now", level: int = 3
) -> SafeString:
    """What was said or done in 2013 beside what is so today. Safe HTML stays as it is; plain text is escaped."""
    return _component(
        "then_now", then=then, now=now, then_heading=then_heading, now_heading=now_heading, level=level
    )


@register.simple_tag
def notification_banner(text: str, variant: str = "", banner_id: str | int = "1") -> SafeString:
    """variant: success or error; otherwise it is headed "Important"."""
    title = BANNER_TITLES.get(variant, "Important")
    return _component("notification_banner", text=text, variant=variant, banner_id=banner_id, title=title)


# Lists and tables


@register.simple_tag
def summary_list(rows: Iterable[tuple[str, object]]) -> SafeString:
    return _component("summary_list", rows=rows)


@register.simple_tag
def task_list(items: Iterable[Mapping[str, str]], list_id: str = "tasks") -> SafeString:
    """Each item: text, status, and if wanted href, hint, colour (of a tag; without it the status is plain text)."""
    return _component("task_list", items=items, list_id=list_id)


@register.simple_tag
def data_table(
    caption: str, headers: Sequence[str], rows: Iterable[Sequence[object]], numeric: str = ""
) -> SafeString:
    """A table that scrolls by itself; the first cell of a row is its header. numeric: column numbers, "2 3"."""
    columns = {int(number) for number in numeric.split()}
    return _component("data_table", caption=caption, headers=headers, rows=rows, numeric=columns)


@register.simple_block_tag
def scroll_region(content: str, label: str, tall: bool = False) -> SafeString:
    """A place of its own for a wide table: it can be reached and scrolled by keyboard.

    `tall` keeps head and first column in sight (give the table the class `app-coverage`).
    """
    return _component("scroll", content=content, label=label, tall=tall)


@register.simple_tag
def progress(done: int, total: int, unit: str = "steps") -> SafeString:
    return _component("progress", done=done, total=total, unit=unit)
