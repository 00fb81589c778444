"""From statements to evidence, and from evidence to holdings: pure functions of the record and the rules.

The receivers and `rebuild_evidence` both go through here, which is why a rebuild gives the identical table.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from workforce.months import months_after

# A new award at level 3 renews levels 1 and 2 of the same capability (domain model, verification: renewal).
RENEWS = {3: (2, 1)}


@dataclass(frozen=True)
class Rule:
    activity_id: UUID
    verb: str
    capability_id: int
    level: int
    after: tuple[tuple[UUID, str], ...]  # it waits for one of these; none: it does not wait
    start: date | None
    end: date | None

    def covers(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Shown:
    """A statement as evidence sees it: `on` is when it was true, `stored` and `voided_at` when we knew.

    `until` is the day on which it ends by its own words, where that is before the edition says so.
    """

    statement_id: UUID
    activity_id: UUID
    verb: str
    on: date
    stored: datetime
    voided_at: datetime | None
    until: date | None = None


@dataclass(frozen=True)
class Award:
    """One row of evidence: capability, level and statement; true in [achieved, expires)."""

    capability_id: int
    level: int
    statement_id: UUID
    achieved: date
    expires: date | None
    recorded_at: datetime
    withdrawn_at: datetime | None


class Validity:
    """Months for which each level stays current, by the edition in force on a day (None: no expiry)."""

    def __init__(self, editions: Sequence[tuple[date, Mapping[int, int | None]]]) -> None:
        self._editions = sorted(editions, key=lambda edition: edition[0])

    def expires(self, achieved: date, level: int) -> date | None:
        """The first day on which evidence achieved on `achieved` is no longer current."""
        months = self._in_force(achieved).get(level)
        return None if months is None else months_after(achieved, months)

    def _in_force(self, day: date) -> Mapping[int, int | None]:
        if not self._editions:
            return {}
        begun = [months for dated, months in self._editions if dated <= day]
        return begun[-1] if begun else self._editions[0][1]


def awards_from(statements: Iterable[Shown], rules: Sequence[Rule], validity: Validity) -> set[Award]:
    """All evidence, withdrawn rows included, that one person's statements give under the rules."""
    by_key: dict[tuple[UUID, str], list[Shown]] = defaultdict(list)
    for statement in statements:
        by_key[statement.activity_id, statement.verb].append(statement)
    found: set[Award] = set()
    for rule in rules:
        waits_for = [_shown(by_key, after) for after in _waits(rule, rules)]
        for statement in by_key.get((rule.activity_id, rule.verb), ()):
            if rule.covers(statement.on):
                for achieved, recorded_at, withdrawn_at in _periods(statement, waits_for):
                    found |= _award(rule, statement, validity, achieved, recorded_at, withdrawn_at)
    return found


Period = tuple[date, datetime, datetime | None]
Keys = tuple[tuple[UUID, str], ...]


def _waits(rule: Rule, rules: Sequence[Rule]) -> list[Keys]:
    """All that a rule waits for: what it names, and what that waits for in turn, as a portfolio for the check."""
    if not rule.after:
        return []
    before = (
        r for r in rules if r.capability_id == rule.capability_id and (r.activity_id, r.verb) in rule.after
    )
    return [rule.after, *(r.after for r in before if r.after and r is not rule)]


def _shown(by_key: Mapping[tuple[UUID, str], list[Shown]], keys: Keys) -> list[Shown]:
    return [statement for key in keys for statement in by_key.get(key, ())]


def _periods(statement: Shown, waits_for: Sequence[Sequence[Shown]]) -> list[Period]:
    """When the statement counted, as we knew it: it needs one of each of `waits_for`, and dates from the latest."""
    everyone = [statement, *(waited for each in waits_for for waited in each)]
    moments = sorted({s.stored for s in everyone} | {s.voided_at for s in everyone if s.voided_at})
    periods: list[Period] = []
    for start, end in pairwise([*moments, None]):
        achieved = _achieved(statement, waits_for, start)  # type: ignore[arg-type]
        if achieved is None:
            continue
        if periods and periods[-1][0] == achieved and periods[-1][2] == start:
            periods[-1] = (achieved, periods[-1][1], end)
        else:
            periods.append((achieved, start, end))  # type: ignore[arg-type]
    return periods


def _achieved(statement: Shown, waits_for: Sequence[Sequence[Shown]], known_at: datetime) -> date | None:
    if not _known(statement, known_at):
        return None
    known = [[waited.on for waited in each if _known(waited, known_at)] for each in waits_for]
    return max([statement.on, *(min(days) for days in known)]) if all(known) else None


def _known(statement: Shown, at: datetime) -> bool:
    return statement.stored <= at and (statement.voided_at is None or at < statement.voided_at)


def _award(
    rule: Rule,
    statement: Shown,
    validity: Validity,
    achieved: date,
    recorded_at: datetime,
    withdrawn_at: datetime | None,
) -> set[Award]:
    if statement.until is not None and statement.until <= achieved:
        return set()
    return {
        Award(
            rule.capability_id,
            level,
            statement.statement_id,
            achieved,
            min(filter(None, (validity.expires(achieved, level), statement.until)), default=None),
            recorded_at,
            withdrawn_at,
        )
        for level in (rule.level, *RENEWS.get(rule.level, ()))
    }


def holdings_from(current: Iterable[tuple[int, date, date | None]]) -> list[tuple[int, date, date | None]]:
    """The highest level held on each day, as intervals (level, from, to), from evidence (level, achieved, expires).

    A level that lapses falls back to the next lower one that is still current.
    """
    evidence = list(current)
    days = sorted({start for _, start, _ in evidence} | {end for _, _, end in evidence if end})
    held: list[tuple[int, date, date | None]] = []
    for day, following in pairwise([*days, None]):
        level = max(
            (lv for lv, start, end in evidence if start <= day and (end is None or day < end)),  # type: ignore[operator]
            default=0,
        )
        if held and held[-1][0] == level and held[-1][2] == day:
            held[-1] = (level, held[-1][1], following)
        elif level:
            held.append((level, day, following))  # type: ignore[arg-type]
    return held
