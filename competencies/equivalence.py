"""What evidence of an old capability gives of new ones: a pure function of the awards and the published maps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from .derivation import Award


@dataclass(frozen=True)
class EquivalenceMap:
    """The rows of one edition: (old capability, level) → {new capability: level}.

    True from the day that the edition is dated, and known since it was published.
    """

    dated: date
    known_at: datetime
    rows: Mapping[tuple[int, int], Mapping[int, int]]

    def gives(self, capability: int, level: int) -> dict[int, int]:
        """New capability → the highest level given by what was shown at this level or below it."""
        found: dict[int, int] = {}
        for (old, least), given in self.rows.items():
            if old == capability and least <= level:
                for new, at in given.items():
                    found[new] = max(at, found.get(new, 0))
        return found


def with_equivalents(awards: Iterable[Award], maps: Sequence[EquivalenceMap]) -> set[Award]:
    """The awards, and what each edition in its turn carries over from them.

    Maps of later editions go on from what earlier ones gave. Within one edition nothing is carried over twice, so
    two capabilities can change places.
    """
    found = set(awards)
    for each in sorted(maps, key=lambda each: (each.dated, each.known_at)):
        found |= _carried_over(found, each)
    return found


def _carried_over(awards: set[Award], each: EquivalenceMap) -> set[Award]:
    """One row for a statement, capability and level that stands; what the rules give themselves goes first."""
    standing = {_what(award) for award in awards if award.withdrawn_at is None}
    derived = {
        new
        for award in awards
        for capability, level in each.gives(award.capability_id, award.level).items()
        if (new := _equivalent(award, capability, level, each)) and _what(new) not in standing
    }
    best: dict[tuple[object, ...], Award] = {}
    for award in sorted(derived, key=_lasts):
        best[_what(award)] = award
    return set(best.values())


def _equivalent(award: Award, capability: int, level: int, each: EquivalenceMap) -> Award | None:
    """None where the old one ended, or was withdrawn, before the new one could begin."""
    achieved, recorded_at = max(award.achieved, each.dated), max(award.recorded_at, each.known_at)
    if award.expires is not None and award.expires <= achieved:
        return None
    if award.withdrawn_at is not None and award.withdrawn_at <= recorded_at:
        return None
    return replace(award, capability_id=capability, level=level, achieved=achieved, recorded_at=recorded_at)


def _what(award: Award) -> tuple[object, ...]:
    return award.statement_id, award.capability_id, award.level


def _lasts(award: Award) -> tuple[object, ...]:
    """Last comes what still stands, begins soonest and ends latest."""
    return (
        award.withdrawn_at is None,
        award.expires or date.max,
        -award.achieved.toordinal(),
        -award.recorded_at.timestamp(),
        award.withdrawn_at.timestamp() if award.withdrawn_at else 0,
    )
