"""What a request means: read from where HTTP puts it, or from a form (Communication 1.3).

Browsers that could neither name a method nor send a header put both into a form and POST it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ..xapi import Invalid

MOST_PARAMETERS = 200
METHODS = ("GET", "PUT", "POST", "DELETE")
# Form parameters that stand for headers, and not for parameters of the resource.
_AS_HEADERS = {
    "authorization",
    "x-experience-api-version",
    "content-type",
    "content-length",
    "if-match",
    "if-none-match",
}


class Headers(Mapping[str, str]):
    """Headers by their names in lower case, read where the server left them: nothing is copied."""

    __slots__ = ("_instead", "_meta")

    def __init__(self, meta: Mapping[str, Any], instead: Mapping[str, str] | None = None) -> None:
        self._meta = meta
        self._instead = instead or {}

    def __getitem__(self, name: str) -> str:
        if name in self._instead:
            return self._instead[name]
        variable = name.upper().replace("-", "_")
        value: str = self._meta[variable if variable.startswith("CONTENT_") else f"HTTP_{variable}"]
        return value

    def __iter__(self) -> Iterator[str]:
        sent = {name.removeprefix("HTTP_") for name in self._meta if name.startswith(("HTTP_", "CONTENT_"))}
        return iter({name.lower().replace("_", "-") for name in sent} | self._instead.keys())

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Meant:
    """The request that is meant. `content` is None where the body of the HTTP request is the content."""

    method: str
    parameters: Mapping[str, list[str]]
    headers: Headers
    content: bytes | None = None


def parameters_of(text: str) -> dict[str, list[str]]:
    """The parameters of a query or a form. All of it is UTF-8 (Communication 1.4). Raises Invalid."""
    parameters: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        ):
            parameters.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        raise Invalid("", "the parameters must be text in UTF-8, percent-encoded") from None
    except ValueError:
        raise Invalid("", f"no request has more than {MOST_PARAMETERS} parameters") from None
    return parameters


def from_form(query: Mapping[str, list[str]], form: bytes, meta: Mapping[str, Any]) -> Meant:
    """The request that a form stands for. Raises Invalid."""
    if len(query) > 1:
        raise Invalid(min(query.keys() - {"method"}), "must be sent in the form, where a method is named")
    method = _once("method", query["method"])
    if method not in METHODS:
        raise Invalid("method", f"must be one of {', '.join(METHODS)}")
    parameters = _form(form)
    headers = {
        name.lower(): _once(name, parameters.pop(name))
        for name in list(parameters)
        if name.lower() in _AS_HEADERS
    }
    content = _content(method, parameters)
    # The form has a Content-Type of its own; that of its content may be left unsaid.
    headers.setdefault("content-type", "application/json")
    headers["content-length"] = str(len(content))
    return Meant(method, parameters, Headers(meta, headers), content)


def _form(form: bytes) -> dict[str, list[str]]:
    try:
        return parameters_of(form.decode())
    except UnicodeDecodeError:
        raise Invalid("", "the form must be text in UTF-8") from None


def _content(method: str, parameters: dict[str, list[str]]) -> bytes:
    if method in ("PUT", "POST"):
        if "content" not in parameters:
            raise Invalid("content", "is missing from the form")
        return _once("content", parameters.pop("content")).encode()
    if any(parameters.pop("content", [])):
        raise Invalid("content", f"is not a part of {method}")
    return b""


def _once(name: str, values: list[str]) -> str:
    if len(values) != 1:
        raise Invalid(name, "must be given once")
    return values[0]
