from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a file. Row 1 is the headings, as in a spreadsheet; row 0 the whole file."""

    row: int
    column: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        return f"{place or 'file'}: {self.problem} {self.remedy}"


class Refused(Exception):
    """A file was not taken in; nothing of it is stored. Holds every fault found, in the order of the rows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__(f"{len(self.faults)} faults, the first: {self.faults[0]}")


def shown(value: str) -> str:
    """A cell's value, short and safe to print on one line of a terminal or a page."""
    line = "".join(character if character.isprintable() else "?" for character in value)
    return f"“{line}”" if len(line) <= SHOWN_LENGTH else f"“{line[:SHOWN_LENGTH]}…”"
