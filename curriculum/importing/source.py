"""The source files as data. Every way in which one can be malformed ends in a BrokenSource that says where."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
import yaml

from .faults import BrokenSource, Fault, Path, line_of, path_of

T = TypeVar("T")


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A misspelt key is a fault, not something to pass over."""


class Voice(_Strict):
    who: str
    text: str


class Callout(_Strict):
    heading: str
    text: str


class Listed(_Strict):
    items: list[str]
    heading: str = ""


class Details(_Strict):
    summary: str
    text: str


class Table(_Strict):
    caption: str
    head: list[str]
    rows: list[list[str]]


class Block(_Strict):
    """Exactly one of these is given."""

    heading: str | None = None
    text: str | None = None
    voice: Voice | None = None
    inset: str | None = None
    warning: Callout | None = None
    do: Listed | None = None
    dont: Listed | None = None
    details: Details | None = None
    table: Table | None = None
    then_now: str | None = None
    try_it: str | None = None

    @property
    def given(self) -> list[tuple[str, Any]]:
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return [(name, value) for name, value in values if value is not None]


class Choice(_Strict):
    text: str
    feedback: str
    next: str


class Scene(_Strict):
    key: str
    title: str
    text: str
    choices: list[Choice] = []


class Option(_Strict):
    text: str
    correct: bool
    feedback: str


class Question(_Strict):
    key: str
    outcome: str
    stem: str
    options: list[Option]


class Written(_Strict):
    """What a module's file holds for one activity."""

    body: list[Block] = []
    scenes: list[Scene] = []
    questions: list[Question] = []


class Information(_Strict):
    key: str
    title: str
    lead: str
    checked: date
    body: list[Block]


class Outcome(_Strict):
    id: str
    text: str
    capability: str


class Evidence(_Strict):
    capability: str
    level: int
    practice_activities: list[str] = []
    portfolio_activities: list[str] = []
    when: str = ""


class Prompt(_Strict):
    capability: str
    text: str


class Activity(_Strict):
    id: str
    type: str
    minutes: int
    description: str
    needs_verifier: bool
    questions_shown: int = 0
    per_outcome: int = 0
    essentials: bool = False
    confirm_by: str = ""
    confirm_together: bool = False
    confirmers: list[str] = msgspec.field(default_factory=lambda: ["colleague"])
    skipped_by_overlay: list[str] = []
    prompts: list[Prompt] = []


class Module(_Strict):
    id: str
    title: str
    minutes: int
    outcomes: list[Outcome]
    evidences: list[Evidence]
    activities: list[Activity]
    assessment: str
    prerequisites: list[str]
    aligned_to: list[str]
    as_of: date
    status: str
    source: str
    review_by: date
    overlays: list[str] = []
    dated_facts: list[str] = []
    may_evidence: list[Evidence] = []
    wte: str = ""


class Role(_Strict):
    key: str
    title: str
    purpose: str
    rhythm: str
    papers: str
    what_you_add: str
    capabilities: list[str]
    modules: list[str]
    source: str
    as_of: date
    status: str
    review_by: date


class Term(_Strict):
    term: str
    meaning: str
    as_of: date
    status: str
    source: str
    review_by: date
    dated_facts: list[str] = []


class Fact(_Strict):
    id: str
    topic: str
    report_said_2013: str
    now: str
    as_of: date
    status: str
    source: str
    review_by: date


class Tier(msgspec.Struct):
    label: str
    intro: str
    modules: list[Module]


class Outline(msgspec.Struct):
    """The outline file; what this project does not use of it is passed over."""

    tiers: dict[str, Tier]
    overlay_modules: list[Module]
    patient_roles: list[Role]
    glossary: list[Term]
    dated_facts: list[Fact]


def read_outline(file: str, data: bytes) -> Outline:
    text = _text(file, data)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise BrokenSource([Fault(file, f"This is not JSON: {fault}")]) from fault
    tiers = raw.get("tiers") if isinstance(raw, dict) else None
    if not isinstance(tiers, dict):
        raise BrokenSource([Fault(file, "The outline needs a key “tiers” with the tiers in it.")])
    for key, tier in tiers.items():
        convert(file, text, ("tiers", key), tier, Tier)
    return convert(file, text, (), raw, Outline)


def read_module(file: str, data: bytes) -> tuple[str, dict[str, Written]]:
    """A module's key and what is written for each of its activities."""
    text = _text(file, data)
    raw = _yaml(file, text)
    if (
        not isinstance(raw, dict)
        or set(raw) != {"key", "activities"}
        or not isinstance(raw["activities"], dict)
    ):
        raise BrokenSource(
            [
                Fault(
                    file,
                    "The file needs exactly two keys: “key” and “activities”, with the activities in it.",
                )
            ]
        )
    written = {
        str(key): convert(file, text, ("activities", key), value, Written)
        for key, value in raw["activities"].items()
    }
    return str(raw["key"]), written


def read_information(file: str, data: bytes) -> Information:
    text = _text(file, data)
    return convert(file, text, (), _yaml(file, text), Information)


def convert(file: str, text: str, path: Path, value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        what, below = path_of(str(fault))
        where = path + below
        raise BrokenSource([Fault(file, what, where, line_of(text, where))]) from fault


def _text(file: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        raise BrokenSource(
            [Fault(file, f"This is not UTF-8 text: byte {fault.start} cannot be read.")]
        ) from fault


class _NoTwins(yaml.CSafeLoader):
    """YAML lets a second key of the same name win silently; here it is a fault."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for (key, _), name in zip(node.value, names, strict=False):
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key “{name}” is there twice", key.start_mark
                )
        return super().construct_mapping(node, deep)


def _yaml(file: str, text: str) -> Mapping[str, Any] | object:
    try:
        return yaml.load(text, Loader=_NoTwins)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line = mark.line + 1 if mark else None
        raise BrokenSource([Fault(file, f"This is not YAML: {fault.problem}", line=line)]) from fault
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise BrokenSource([Fault(file, f"This is not YAML: {fault}")]) from fault
