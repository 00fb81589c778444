"""How a Django form field becomes NHS markup: label or legend, hint, error, and the right control."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

# Short enough to show how much is wanted (NHS design system, "text input": fixed widths in characters).
WIDTHS = (2, 3, 4, 5, 10, 20, 30)


def render_field(field: BoundField, **options: Any) -> SafeString:
    """The whole form group for one field. `options` are those of the template tag `field`."""
    return _renderer(field.field.widget)(field, options)


def first_input_id(field: BoundField) -> str:
    """The id that an error summary links to: the first radio, the day box, or the control itself."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect):  # checkboxes are a kind of it
        return next((option.id_for_label for option in field.subwidgets), field.auto_id)
    if isinstance(widget, forms.SelectDateWidget):
        return f"{field.auto_id}_day"
    return field.id_for_label or field.auto_id


def _renderer(widget: forms.Widget) -> Callable[[BoundField, dict[str, Any]], SafeString]:
    kinds: list[tuple[type[forms.Widget], Callable[[BoundField, dict[str, Any]], SafeString]]] = [
        (forms.CheckboxSelectMultiple, _checkboxes),  # before its parent, RadioSelect
        (forms.RadioSelect, _radios),
        (forms.CheckboxInput, _checkbox),
        (forms.SelectDateWidget, _date),
        (forms.PasswordInput, _password),
        (forms.Textarea, _textarea),
        (forms.Select, _select),
        (forms.FileInput, _file),
        (forms.HiddenInput, _hidden),
    ]
    return next((render for kind, render in kinds if isinstance(widget, kind)), _input)


def _common(field: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    hint = options.get("hint") or field.help_text
    error = field.errors[0] if field.errors else ""
    ids = [f"{field.auto_id}_helptext"] * bool(hint) + [f"{field.auto_id}_error"] * bool(error)
    return {
        "id": field.auto_id,
        "name": field.html_name,
        "label": options.get("label") or field.label,
        "hint": hint,
        "error": error,
        "size": options.get("size", ""),
        "heading": options.get("heading", False),
        "described_by": " ".join(ids),
    }


def _attrs(context: dict[str, Any], css: str, **more: Any) -> dict[str, Any]:
    """Attributes for the control; the class gains its error modifier."""
    base = css.split()[0]
    attrs: dict[str, Any] = {"class": f"{css} {base}--error" if context["error"] else css}
    if context["described_by"]:
        attrs["aria-describedby"] = context["described_by"]
    return attrs | more


def _group(template: str, field: BoundField, context: dict[str, Any], attrs: dict[str, Any]) -> SafeString:
    """Our class and the form's own (from the widget) both stay."""
    own = field.field.widget.attrs.get("class", "")
    attrs["class"] = f"{attrs['class']} {own}".strip()
    return render_to_string(
        f"components/fields/{template}.html", context | {"widget": field.as_widget(attrs=attrs)}
    )


def _input(field: BoundField, options: dict[str, Any]) -> SafeString:
    context = _common(field, options)
    width = options.get("width")
    css = f"nhsuk-input nhsuk-input--width-{width}" if width in WIDTHS else "nhsuk-input"
    more = {"autocomplete": options["autocomplete"]} if options.get("autocomplete") else {}
    return _group("input", field, context, _attrs(context, css, **more))


def _password(field: BoundField, options: dict[str, Any]) -> SafeString:
    context = _common(field, options)
    css = "nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input"
    return _group("password", field, context, _attrs(context, css, spellcheck="false", autocapitalize="none"))


def _textarea(field: BoundField, options: dict[str, Any]) -> SafeString:
    context = _common(field, options) | {"max_words": options.get("max_words")}
    css = "nhsuk-textarea"
    context["max_length"] = None if context["max_words"] else getattr(field.field, "max_length", None)
    if context["max_words"] or context["max_length"]:
        css += " nhsuk-js-character-count"
        context |= {"module": "nhsuk-character-count", "group_class": " nhsuk-character-count"}
        context["described_by"] = f"{context['described_by']} {field.auto_id}-info".strip()
    # The counter warns; the browser must not cut off what somebody pastes, so no maxlength on the control.
    return _group("input", field, context, _attrs(context, css, rows=options.get("rows", 5), maxlength=False))


def _select(field: BoundField, options: dict[str, Any]) -> SafeString:
    context = _common(field, options)
    return _group("input", field, context, _attrs(context, "nhsuk-select"))


def _file(field: BoundField, options: dict[str, Any]) -> SafeString:
    context = _common(field, options) | {"module": "nhsuk-file-upload", "group_class": " nhsuk-file-upload"}
    return _group("input", field, context, _attrs(context, "nhsuk-file-upload__input"))


def _checkbox(field: BoundField, options: dict[str, Any]) -> SafeString:
    context = _common(field, options)
    return _group("checkbox", field, context, _attrs(context, "nhsuk-checkboxes__input"))


def _hidden(field: BoundField, options: dict[str, Any]) -> SafeString:
    return field.as_hidden()


def _radios(field: BoundField, options: dict[str, Any]) -> SafeString:
    return _choices(field, options, kind="radios", input_type="radio")


def _checkboxes(field: BoundField, options: dict[str, Any]) -> SafeString:
    return _choices(field, options, kind="checkboxes", input_type="checkbox")


def _choices(field: BoundField, options: dict[str, Any], *, kind: str, input_type: str) -> SafeString:
    context = _common(field, options) | {"kind": kind, "type": input_type}
    hints = options.get("item_hints") or {}
    context["options"] = [
        {
            "id": option.id_for_label,
            "value": option.data["value"],
            "label": option.choice_label,
            "selected": option.data["selected"],
            "disabled": option.data["attrs"].get("disabled", False),
            "hint": hints.get(str(option.data["value"]), ""),
        }
        for option in field.subwidgets
    ]
    context |= {"inline": options.get("inline", False), "small": options.get("small", False)}
    return render_to_string("components/fields/choices.html", context)


def _date(field: BoundField, options: dict[str, Any]) -> SafeString:
    """Day, month and year boxes, named as Django's SelectDateWidget reads them."""
    context = _common(field, options)
    context["hint"] = context["hint"] or "For example, 31 3 2026"
    widget = field.field.widget
    value = widget.format_value(field.value()) or {}
    context["parts"] = [
        {
            "key": key,
            "label": key.capitalize(),
            "width": 4 if key == "year" else 2,
            "value": value.get(key) or "",
        }
        for key in ("day", "month", "year")
    ]
    return render_to_string("components/fields/date.html", context)
