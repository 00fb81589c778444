"""What is wrong with a source, and where: file, line and key path."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    file: str
    what: str
    path: Path = ()
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {shown(self.path)}: {self.what}" if self.path else f"{place}: {self.what}"


class BrokenSource(Exception):
    """A source cannot be used. Nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def shown(path: Path) -> str:
    """A key path as people write it: activities.FR-2.a3.questions[4]."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.lstrip(".")


def path_of(message: str) -> tuple[str, Path]:
    """Split msgspec's "Expected `str`, got `int` - at `$.body[3].text`" into what and where."""
    what, _, where = message.partition(" - at `$")
    parts = re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", where)
    return what, tuple(int(index) if index else name for name, index in parts)


def line_of(text: str, path: Path) -> int | None:
    """The line, from 1, on which a path begins in YAML or JSON text; its nearest parent's if it is not there."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None  # JSON that YAML cannot follow: then the path alone says where
    for part in path:
        child = _child(node, part)
        if child is None:
            break
        node = child
    return node.start_mark.line + 1 if node else None


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None
