"""Read a framework definition from JSON: every mistake is reported with its line, and nothing is guessed."""

import copy
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, cast

import msgspec
import yaml

NonNegative = Annotated[int, msgspec.Meta(ge=0, le=36_500)]  # days or months: a hundred years is enough
LevelNumber = Annotated[int, msgspec.Meta(ge=0, le=4)]
Provenance = Literal["direct", "inferred", "reconstruction"]
# As long as the columns that keep them; the database cannot keep the character U+0000.
Text = Annotated[str, msgspec.Meta(min_length=1, pattern="^[^\x00]*$")]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=10, pattern=r"^[A-Za-z0-9-]+$")]
Slug = Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern=r"^[a-z0-9_-]+$")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern="^[^\x00]*$")]
Path = tuple[str | int, ...]


class LevelSource(msgspec.Struct, forbid_unknown_fields=True):
    level: LevelNumber
    key: Slug
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern="^[^\x00]*$")]
    meaning: Text
    evidence: Text


class TierSource(msgspec.Struct):
    key: Slug
    label: Label


class DomainSource(msgspec.Struct, forbid_unknown_fields=True):
    id: Key
    name: Label


class CellSource(msgspec.Struct, forbid_unknown_fields=True):
    level: LevelNumber
    provenance: Provenance
    sources: list[str] = []
    grace_days: NonNegative | None = None


class CapabilitySource(msgspec.Struct, forbid_unknown_fields=True):
    id: Key
    domain: Key
    name: Label
    description: Text
    iri_suffix: Annotated[str, msgspec.Meta(max_length=50, pattern=r"^[a-z0-9-]+$")]
    sources: list[str]
    expected: dict[str, CellSource]


class OverlayProvenance(msgspec.Struct, forbid_unknown_fields=True):
    provenance: Provenance
    sources: list[str] = []


class OverlaySource(msgspec.Struct, forbid_unknown_fields=True):
    key: Slug
    label: Label
    applies_to: list[str]
    adds: dict[str, LevelNumber]
    removes: list[str]
    provenance: dict[str, OverlayProvenance]
    note: str = ""


class TeamRequirementSource(msgspec.Struct, forbid_unknown_fields=True):
    capability: Key
    level: Annotated[int, msgspec.Meta(ge=1, le=4)]
    people_at_least: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    applies_to: Text
    label: Text
    provenance: Provenance
    sources: list[str]
    shown_as: Text


class FrameworkSource(msgspec.Struct):
    title: Label
    version: Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern="^[^\x00]*$")]
    date: date
    status: Text
    levels: list[LevelSource]
    tiers: list[TierSource]
    domains: list[DomainSource]
    sources: dict[str, dict[str, str]]
    grace_days: dict[str, NonNegative]
    validity_months_default: dict[str, NonNegative | None]
    overlays: list[OverlaySource]
    capabilities: list[CapabilitySource]
    team_requirements: list[TeamRequirementSource] = []
    carried: dict[
        str, Any
    ] = {}  # every other name of the file, and the words of its team requirements, as they were given


@dataclass(frozen=True)
class Mistake:
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.path}" if self.path else "")
        return f"{where}: {self.message}"


class BrokenFile(Exception):
    """The file cannot be loaded; `mistakes` says what is wrong and where."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda m: m.line)
        super().__init__("\n".join(map(str, self.mistakes)))


# What has a table of its own; all else that a file says is carried along.
STORED = frozenset(FrameworkSource.__struct_fields__) - {"team_requirements", "carried"}


def read(raw: bytes) -> FrameworkSource:
    """The definition, or BrokenFile with each mistake that was found."""
    tree = parse(raw)
    lines = _Lines(raw)
    try:
        source = msgspec.convert(tree, FrameworkSource)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        path = _with_names(tree, _steps(where.strip("`")), str(error))
        raise BrokenFile([lines.mistake(path, message)]) from error
    mistakes = [lines.mistake(path, message) for path, message in _contradictions(source)]
    if mistakes:
        raise BrokenFile(mistakes)
    given = cast(dict[str, Any], tree)
    source.carried = {name: value for name, value in given.items() if name not in STORED}
    return source


def parse(raw: bytes) -> object:
    try:
        text = raw.decode("utf-8-sig")
        tree = json.loads(text, object_pairs_hook=_no_duplicates)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BrokenFile([Mistake(line, "", "This is not UTF-8 text. Save the file as UTF-8.")]) from error
    except json.JSONDecodeError as error:
        raise BrokenFile([Mistake(error.lineno, "", f"This is not JSON: {error.msg}.")]) from error
    except _DuplicateKey as error:
        line = raw.decode("utf-8").rfind(f'"{error}"')
        number = raw.decode("utf-8").count("\n", 0, line) + 1
        raise BrokenFile([Mistake(number, "", f'The name "{error}" stands twice in one object.')]) from error
    except (RecursionError, ValueError) as error:
        raise BrokenFile(
            [Mistake(1, "", "This holds something too deep or too long to be a framework.")]
        ) from error
    if half := _HALF.search(text):
        line = text.count("\n", 0, half.start()) + 1
        raise BrokenFile([Mistake(line, "", f"{half[0]} is half of a sign. Write the sign itself.")])
    return tree


class _DuplicateKey(Exception):
    pass


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise _DuplicateKey(next(k for k, _ in pairs if k in seen or seen.add(k)))  # type: ignore[func-returns-value]
    return found


class _Lines:
    """Finds the line of a path. JSON is read as YAML here, because that parser keeps positions."""

    def __init__(self, raw: bytes) -> None:
        text = _NOT_YAML.sub(" ", raw.decode("utf-8-sig"))
        try:
            self._root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            self._root = None  # JSON that YAML cannot follow: then the path alone says where

    def mistake(self, path: Path, message: str) -> Mistake:
        return Mistake(self._line(path), ".".join(map(str, path)), message)

    def _line(self, path: Path) -> int:
        node, line = self._root, 1
        for step in path:
            found = self._child(node, step)
            if found is None:
                break
            node, line = found
        return line

    @staticmethod
    def _child(node: Any, step: str | int) -> tuple[Any, int] | None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    return value, key.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
            return child, child.start_mark.line + 1
        return None


UNNAMED = "..."
# JSON writes signs beyond U+FFFF as two halves; half of one is not text, and no database keeps it.
_HALF = re.compile(
    r"\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}",
    re.IGNORECASE,
)
# What JSON allows and YAML does not, or takes for the end of a line.
_NOT_YAML = re.compile(
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|"
    "[^\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def _steps(where: str) -> Path:
    """msgspec's `$.capabilities[3].expected[...].level` as steps; it does not say which name `[...]` was."""
    found = re.findall(r"\[(\d+|\.\.\.)\]|\.([^.\[]+)", where)
    return tuple(int(index) if index.isdigit() else index or name for index, name in found)


def _with_names(tree: object, path: Path, error: str) -> Path:
    """The path with each `[...]` replaced by the name whose value alone gives the same error."""
    for depth, step in enumerate(path):
        if step == UNNAMED:
            names = _at(tree, path[:depth])
            path = (
                *path[:depth],
                next(n for n in names if _fails(tree, path[:depth], n, error)),
                *path[depth + 1 :],
            )
    return path


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _fails(tree: object, path: Path, name: str, error: str) -> bool:
    alone = copy.deepcopy(tree)
    parent = _at(alone, path)
    for other in [key for key in parent if key != name]:
        del parent[other]
    try:
        msgspec.convert(alone, FrameworkSource)
    except msgspec.ValidationError as found:
        return str(found) == error
    return False


def _contradictions(source: FrameworkSource) -> Iterator[tuple[Path, str]]:
    yield from _levels(source)
    yield from _twice(("tiers",), [tier.key for tier in source.tiers])
    yield from _twice(("domains",), [domain.id for domain in source.domains])
    yield from _twice(("capabilities",), [capability.id for capability in source.capabilities])
    yield from _twice(("capabilities",), [capability.iri_suffix for capability in source.capabilities])
    yield from _twice(("overlays",), [overlay.key for overlay in source.overlays])
    yield from _capabilities(source)
    yield from _overlays(source)
    capabilities = {capability.id for capability in source.capabilities}
    for index, asked in enumerate(source.team_requirements):
        if asked.capability not in capabilities:
            yield ("team_requirements", index, "capability"), f'There is no capability "{asked.capability}".'
    pairs = [f"{asked.capability} at level {asked.level}" for asked in source.team_requirements]
    yield from _twice(("team_requirements",), pairs)


def _levels(source: FrameworkSource) -> Iterator[tuple[Path, str]]:
    if [level.level for level in source.levels] != [0, 1, 2, 3, 4]:
        yield ("levels",), "Give the five levels 0 to 4, once each and in order."
    for name, given in (
        ("grace_days", source.grace_days),
        ("validity_months_default", source.validity_months_default),
    ):
        for number in sorted({"1", "2", "3", "4"} - set(given)):
            yield (name,), f"Level {number} is missing."
        for number in sorted(set(given) - {"1", "2", "3", "4"}):
            yield (name, number), f'There is no level "{number}"; use 1 to 4.'
    for number, months in source.validity_months_default.items():
        if months == 0:
            yield ("validity_months_default", number), "Use at least 1 month, or null for no expiry."


def _twice(path: Path, keys: list[str]) -> Iterator[tuple[Path, str]]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield (*path, index), f'"{key}" is here for the second time.'


def _capabilities(source: FrameworkSource) -> Iterator[tuple[Path, str]]:
    tiers = [tier.key for tier in source.tiers]
    domains = {domain.id for domain in source.domains}
    for index, capability in enumerate(source.capabilities):
        here: Path = ("capabilities", index)
        if capability.domain not in domains:
            yield (*here, "domain"), f'There is no domain "{capability.domain}".'
        for tier in capability.expected:
            if tier not in tiers:
                yield (
                    (*here, "expected", tier),
                    f'There is no tier "{tier}"; the tiers are {", ".join(tiers)}.',
                )
        for tier in tiers:
            if tier not in capability.expected:
                yield (
                    (*here, "expected"),
                    f'The level for tier "{tier}" is missing (write 0 for not expected).',
                )
        for tier, cell in capability.expected.items():
            for number, key in enumerate(cell.sources):
                if key not in source.sources:
                    yield (*here, "expected", tier, "sources", number), f'There is no source "{key}".'


def _overlays(source: FrameworkSource) -> Iterator[tuple[Path, str]]:
    tiers = {tier.key for tier in source.tiers}
    capabilities = {capability.id for capability in source.capabilities}
    for index, overlay in enumerate(source.overlays):
        here: Path = ("overlays", index)
        for number, tier in enumerate(overlay.applies_to):
            if tier not in tiers:
                yield (*here, "applies_to", number), f'There is no tier "{tier}".'
        for name, codes in (("adds", list(overlay.adds)), ("removes", overlay.removes)):
            for code in codes:
                if code not in capabilities:
                    yield (*here, name, code), f'There is no capability "{code}".'
                elif code not in overlay.provenance:
                    yield (*here, "provenance"), f'Say where the change to "{code}" comes from.'
        for code in set(overlay.adds) & set(overlay.removes):
            yield (*here, "removes"), f'"{code}" is both added and removed.'
