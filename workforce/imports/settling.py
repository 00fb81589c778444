"""What we believe about one person, set against what a staff list states. Arithmetic only: no database."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """Something true from `start` until, but not on, `end`; None is open.

    `key` says what it is (team and tier); `detail` is what may be corrected without making it another thing;
    `row` is the stored row's id, if any.
    """

    key: Hashable
    start: date
    end: date | None
    detail: Hashable = None
    row: int | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Span") -> bool:
        return (
            self.key == other.key
            and (other.end is None or self.start < other.end)
            and (self.end is None or other.start < self.end)
        )

    def is_as(self, other: "Span") -> bool:
        mine, theirs = (
            (self.key, self.start, self.end, self.detail),
            (other.key, other.start, other.end, other.detail),
        )
        return mine == theirs


@dataclass(frozen=True, slots=True)
class Settled:
    """Stored rows that stand, stored rows that are no longer believed, and what is to be written."""

    kept: list[Span]
    superseded: list[Span]
    added: list[Span]

    @property
    def now(self) -> list[Span]:
        return self.kept + self.added


def settle(believed: Sequence[Span], stated: Sequence[Span], on: date) -> Settled:
    """Make what is believed agree with a list that was true on a day; neither side may overlap itself.

    Stated is true. What is not stated ends on that day; what had ended before stays; what would only have
    begun is cancelled; and what contradicts a stated span was a mistake and is superseded whole.
    """
    known = {(span.key, span.start): span for span in stated}
    settled = Settled([], [], [])
    for span in believed:
        wanted = known.get((span.key, span.start)) or _left_over(span, stated, on)
        if wanted is not None and span.is_as(wanted):
            settled.kept.append(span)
            known.pop((span.key, span.start), None)
            continue
        settled.superseded.append(span)
        if wanted is not None and (span.key, span.start) not in known:
            settled.added.append(wanted)
    settled.added.extend(known.values())
    return settled


def _left_over(span: Span, stated: Sequence[Span], on: date) -> Span | None:
    if span.start >= on:
        return None
    left = span if span.end is not None and span.end <= on else replace(span, end=on, row=None)
    return None if any(left.overlaps(other) for other in stated) else left
