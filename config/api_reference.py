"""The description of the API in the shape that a page of it needs. Plain data in, plain data out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One name in a question or an answer. `name` is the way to it: items[].capability.iri."""

    name: str
    kind: str
    about: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    title: str
    about: str
    asked: tuple[Field, ...]
    sent: tuple[Field, ...]
    answered: tuple[Field, ...]
    statuses: tuple[tuple[str, str], ...]

    @property
    def opens_in_a_browser(self) -> bool:
        return self.method == "GET" and "{" not in self.path


@dataclass(frozen=True)
class Group:
    title: str
    operations: tuple[Operation, ...]


def groups_of(description: Schema) -> list[Group]:
    """Every operation, under the heading that it is tagged with, in the order of the description."""
    schemas = description["components"]["schemas"]
    found: dict[str, list[Operation]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            for tag in operation["tags"]:
                found.setdefault(tag, []).append(_operation(path, method, operation, schemas))
    return [Group(title, tuple(operations)) for title, operations in found.items()]


def _operation(path: str, method: str, operation: Schema, schemas: Schema) -> Operation:
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    good = next(answer for status, answer in responses.items() if status.startswith("2"))
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        about=operation.get("description", ""),
        asked=tuple(
            Field(p["name"], _kind(p["schema"], schemas), p.get("description", ""))
            for p in operation["parameters"]
        ),
        sent=tuple(_content(operation.get("requestBody", {}), schemas)),
        answered=tuple(_content(good, schemas)),
        statuses=tuple((status, answer["description"]) for status, answer in sorted(responses.items())),
    )


def _content(part: Schema, schemas: Schema) -> Iterator[Field]:
    for content in part.get("content", {}).values():
        yield from _fields(content["schema"], schemas)


def _fields(schema: Schema, schemas: Schema, before: str = "") -> Iterator[Field]:
    """Each name of an object, and beneath it the names of what it holds."""
    for name, inner in _named(schema, schemas).get("properties", {}).items():
        yield Field(before + name, _kind(inner, schemas), inner.get("description", ""))
        listed = _named(inner, schemas)
        if listed.get("type") == "array":
            yield from _fields(listed["items"], schemas, f"{before}{name}[].")
        else:
            yield from _fields(inner, schemas, f"{before}{name}.")


def _named(schema: Schema, schemas: Schema) -> Schema:
    """What a reference stands for."""
    found: Schema = schemas[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    return found


def _kind(schema: Schema, schemas: Schema) -> str:
    """In a word or two: text, whole number, list of texts, one of a, b, c; or nothing."""
    schema = _named(schema, schemas)
    if "anyOf" in schema:
        return " or ".join(_kind(each, schemas) for each in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'], schemas)}"
    return _KINDS.get(schema.get("format", "")) or _KINDS[schema.get("type", "object")]


_KINDS = {
    "uuid": "UUID",
    "date": "day, such as 2026-11-30",
    "date-time": "time, such as 2026-11-30T09:00:00Z",
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
