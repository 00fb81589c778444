"""Coverage counted from people, one at a time: the check on what SQL counts.

Written from the definitions (domain model, section 5.2) with plain loops and no thought for speed. All periods
are half-open: true on the first day, no longer true on the second. Nothing here imports Django.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

LEFT_COUNTED_DAYS = 365
LONG_LEAVE_DAYS = 28
RENEWAL_MONTHS = 3

RECOUNTED = (
    "node_id",
    "tier_key",
    "capability_code",
    "engagement",
    "numerator",
    "denominator",
    "not_yet_due",
    "excluded",
    "due_for_renewal",
)


@dataclass(frozen=True)
class Expected:
    """One capability at one level (0: taken away), asked of a tier or of an overlay; grace in days."""

    capability: str
    level: int
    grace_days: int
    tier: str = ""
    overlay: str = ""


@dataclass(frozen=True)
class Added(Expected):
    """What an organisation asks on top, from its first day `since` on."""

    since: date = date.min


@dataclass(frozen=True)
class InPost:
    team: int
    tier: str
    start: date
    end: date | None = None
    engagement: str = "staff"
    overlays: frozenset[str] = frozenset()

    def covers(self, day: date) -> bool:
        return _covers(self.start, self.end, day)


@dataclass(frozen=True)
class Shown:
    """Unwithdrawn evidence of a capability at a level, true in [achieved, expires)."""

    capability: str
    level: int
    achieved: date
    expires: date | None = None


@dataclass(frozen=True)
class Person:
    """`first_nhs_day` is where the clock starts if it was before any of these posts (of one organisation)."""

    posts: tuple[InPost, ...]
    evidence: tuple[Shown, ...] = ()
    leave: tuple[tuple[date, date | None], ...] = ()
    first_nhs_day: date | None = None

    def holds(self, capability: str, level: int, day: date, shown_by: date) -> bool:
        """Whether they hold it on a day, by what they had shown up to `shown_by`."""
        return any(
            e.capability == capability
            and e.level >= level
            and e.achieved <= shown_by
            and _covers(e.achieved, e.expires, day)
            for e in self.evidence
        )


class Judged(NamedTuple):
    """One expectation of one person in one team; `excluded` or not `due` leave it out of the two counts."""

    team: int
    tier: str
    capability: str
    engagement: str
    excluded: bool
    due: bool
    met: bool
    met_later: bool


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"{day} has no day {months} months later")


def count(
    people: Iterable[Person],
    expected: Sequence[Expected],
    parents: Mapping[int, int | None],
    on: date,
) -> pd.DataFrame:
    """The rows of one organisation on a day, with the keys and counts of tables.COLUMNS.

    `parents` gives each team's parent team (None: directly under the organisation, whose node_id is None).
    """
    return _count((judge(person, expected, on) for person in people), parents)


def count_added(
    people: Iterable[Person],
    expected: Sequence[Expected],
    added: Sequence[Added],
    parents: Mapping[int, int | None],
    on: date,
) -> pd.DataFrame:
    """The same for what the organisation asks on top of `expected` on the day, and for nothing else."""
    return _count((judge_added(person, expected, added, on) for person in people), parents)


def _count(people: Iterable[Iterable[Judged]], parents: Mapping[int, int | None]) -> pd.DataFrame:
    counts: dict[tuple[int | None, str, str, str], list[int]] = {}
    for judged_of_one in people:
        together: dict[tuple[int | None, str, str, str], list[Judged]] = {}
        for judged in judged_of_one:
            for node in _nodes(judged.team, parents):
                key = (node, judged.tier, judged.capability, judged.engagement)
                together.setdefault(key, []).append(judged)
        for key, judgements in together.items():
            row = counts.setdefault(key, [0, 0, 0, 0, 0])
            for place in _places(judgements):
                row[place] += 1
    rows = [(*key, *row) for key, row in counts.items()]
    return pd.DataFrame(rows, columns=list(RECOUNTED)).astype({"node_id": "Int64"})


def judge(person: Person, expected: Sequence[Expected], on: date) -> Iterator[Judged]:
    """What is expected of a person on a day, in each team they work in, and whether they meet it."""
    today = [post for post in person.posts if post.covers(on)]
    if not today:
        yield from _gone(person, expected, on)
        return
    away = any(_covers(start, end, on) and _is_long(start, end) for start, end in person.leave)
    later = months_after(on, RENEWAL_MONTHS)
    for post in today:
        own = _of_post(person, post, expected, on)
        old = _carried(person, post, own, expected, on)
        for tier, asked in ((post.tier, own), (old[0], old[1])):
            for capability, (level, due) in asked.items():
                met, still = (person.holds(capability, level, day, on) for day in (on, later))
                yield Judged(post.team, tier, capability, post.engagement, away, due <= on, met, still)


def judge_added(
    person: Person, expected: Sequence[Expected], added: Sequence[Added], on: date
) -> Iterator[Judged]:
    """What is asked on top of a person, in each team they work in today; nothing is carried over from a tier before."""
    today = [post for post in person.posts if post.covers(on)]
    if not today:
        above = {(e.tier, e.capability): e.level for e in expected if e.tier}
        yield from _gone(person, [a for a in added if a.level > above.get((a.tier, a.capability), 0)], on)
        return
    away = any(_covers(start, end, on) and _is_long(start, end) for start, end in person.leave)
    later = months_after(on, RENEWAL_MONTHS)
    for post in today:
        own = _of_post(person, post, expected, on)
        for capability, (level, due) in _on_top(person, post, expected, added, on).items():
            if level > own.get(capability, (0, on))[0]:
                met, still = (person.holds(capability, level, day, on) for day in (on, later))
                yield Judged(post.team, post.tier, capability, post.engagement, away, due <= on, met, still)


def _gone(person: Person, expected: Sequence[Expected], on: date) -> Iterator[Judged]:
    """Somebody who left is counted as excluded in their last team, for a year."""
    ended = [post for post in person.posts if post.end and post.end <= on]
    last = max(ended, key=lambda post: (post.end or on, post.start), default=None)
    if last is None or last.end is None or (on - last.end).days >= LEFT_COUNTED_DAYS:
        return
    for asked in expected:
        if asked.tier == last.tier and asked.level:
            yield Judged(last.team, last.tier, asked.capability, last.engagement, True, False, False, False)


Asked = dict[str, tuple[int, date]]


def _of_post(person: Person, post: InPost, expected: Sequence[Expected], on: date) -> Asked:
    """Capability → (level, day it falls due). What an overlay names replaces what the tier asks."""
    clock = _clock(person, [p for p in _begun(person, on) if p.tier == post.tier], on)
    asked = {
        e.capability: (e.level, clock + timedelta(e.grace_days)) for e in expected if e.tier == post.tier
    }
    named = [e for e in expected if e.overlay and e.overlay in post.overlays]
    for capability in {e.capability for e in named}:
        dues = [_overlay_due(person, post, e, on) for e in named if e.capability == capability and e.level]
        level = max(e.level for e in named if e.capability == capability)
        asked[capability] = (level, min(dues, default=on))
    return {capability: pair for capability, pair in asked.items() if pair[0]}


def _on_top(
    person: Person, post: InPost, expected: Sequence[Expected], added: Sequence[Added], on: date
) -> Asked:
    """Capability → (level, due) by the local rows alone: an overlay's, or the tier's where no overlay names it."""
    clock = _clock(person, [p for p in _begun(person, on) if p.tier == post.tier], on)
    named = {e.capability for e in (*expected, *added) if e.overlay and e.overlay in post.overlays}
    found: dict[str, list[tuple[int, date]]] = {}
    for a in added:
        if a.overlay and a.overlay in post.overlays:
            since = _overlay_due(person, post, a, on) - timedelta(a.grace_days)
        elif a.tier == post.tier and a.capability not in named:
            since = clock
        else:
            continue
        due = max(since, a.since) + timedelta(a.grace_days)
        found.setdefault(a.capability, []).append((a.level, due))
    return {
        capability: min(pairs, key=lambda pair: (-pair[0], pair[1])) for capability, pairs in found.items()
    }


def _overlay_due(person: Person, post: InPost, asked: Expected, on: date) -> date:
    same = [p for p in _begun(person, on) if p.tier == post.tier and asked.overlay in p.overlays]
    return _clock(person, same, on) + timedelta(asked.grace_days)


def _begun(person: Person, on: date) -> list[InPost]:
    return [post for post in person.posts if post.start <= on]


def _clock(person: Person, posts: Sequence[InPost], on: date) -> date:
    """First day in these posts; for the posts that a person began with, their first day in NHS-funded care."""
    first, mine = min(post.start for post in _begun(person, on)), min(post.start for post in posts)
    return min(first, person.first_nhs_day or first) if mine == first else mine


def _carried(
    person: Person, post: InPost, own: Asked, expected: Sequence[Expected], on: date
) -> tuple[str, Asked]:
    """The old tier, and what it asked that goes on counting in the new post after a change of tier."""
    begun = _begun(person, on)
    changed_on = min(p.start for p in begun if p.tier == post.tier)
    active = {p.tier for p in begun if p.covers(on)}
    before = [p for p in begun if p.tier not in active and p.start < changed_on and p.end]
    if not before or changed_on == min(p.start for p in begun):
        return "", {}
    old = max(before, key=lambda p: (p.end or on, p.start)).tier
    clock = _clock(person, [p for p in begun if p.tier == old], on)
    asked: Asked = {}
    for e in expected:
        if e.tier != old or not e.level:
            continue
        until = own[e.capability][1] if e.capability in own else changed_on + timedelta(e.grace_days)
        if on < until:
            asked[e.capability] = (e.level, clock + timedelta(e.grace_days))
    return old, asked


def _places(judgements: Sequence[Judged]) -> list[int]:
    """Which counts one person adds to: numerator 0, denominator 1, not yet due 2, excluded 3, due for renewal 4."""
    if any(j.excluded for j in judgements):
        return [3]
    due = [j for j in judgements if j.due]
    if not due:
        return [2]
    if not all(j.met for j in due):
        return [1]
    return [0, 1] if all(j.met_later for j in due) else [0, 1, 4]


def _nodes(team: int, parents: Mapping[int, int | None]) -> Iterator[int | None]:
    node: int | None = team
    while node is not None:
        yield node
        node = parents.get(node)
    yield None


def _covers(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or day < end)


def _is_long(start: date, end: date | None) -> bool:
    """Over 28 days; leave without an end counts as long from its first day."""
    return end is None or (end - start).days > LONG_LEAVE_DAYS
