"""One measured thing: its values, the floor of the same minutes, and whether it is as fast as it must be."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

ROUNDS = 5


class Target(NamedTuple):
    """What must hold, in words and as a test."""

    words: str
    holds: Callable[["Figure"], bool]


@dataclass(frozen=True)
class Figure:
    """`values` come from rounds that took turns with those of `floor`, so that both saw the same machine."""

    name: str
    measured: str
    unit: str
    values: Sequence[float]
    floor: Sequence[float] = ()
    targets: Sequence[Target] = ()

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        return self.median / median(self.floor) if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """None where nothing is asked of it."""
        return all(target.holds(self) for target in self.targets) if self.targets else None

    def as_json(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "measured": self.measured,
                "unit": self.unit,
                "median": _short(self.median),
                "min": _short(min(self.values)),
                "max": _short(max(self.values)),
                "floor": _short(median(self.floor)) if self.floor else None,
                "ratio": None if self.ratio is None else round(self.ratio, 3),
                "target": "; ".join(target.words for target in self.targets) or None,
                "met": self.is_met,
            },
            ensure_ascii=False,
        )


def at_least(value: float) -> Target:
    return Target(f"at least {value:,}", lambda figure: figure.median >= value)


def at_most(value: float) -> Target:
    return Target(f"at most {value:,}", lambda figure: figure.median <= value)


def share_of_floor(share: float) -> Target:
    return Target(f"at least {share:.2f} of the floor", lambda figure: (figure.ratio or 0) >= share)


def within(share: float) -> Target:
    """For a ratio that should be 1."""
    return Target(f"at most {1 + share:.2f}", lambda figure: figure.median <= 1 + share)


def in_words(figures: Sequence[Figure]) -> str:
    """The last line, for a person."""
    asked = [figure for figure in figures if figure.is_met is not None]
    missed = [
        f"{figure.name} ({_short(figure.median):,} {figure.unit})" for figure in asked if not figure.is_met
    ]
    words = f"{len(asked) - len(missed)} of {len(asked)} targets met."
    return f"{words} Missed: {'; '.join(missed)}." if missed else words


def _short(value: float) -> float:
    """As many digits as mean anything."""
    return round(value) if abs(value) >= 100 else round(value, 3)
