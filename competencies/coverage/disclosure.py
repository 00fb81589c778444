"""Small numbers: what may be shown of a group, and to whom. The one place that decides it.

Inside view (a team's members, its leads, the organisation's own leads): exact counts for groups of 10 or more.
A smaller group is hidden and counted in its parent, and so are the next smallest ones until subtraction from
the parent leaves at least two hidden groups that together have 10 people (after the GP Patient Survey's rule).

Outside view (everybody else): the NHS Digital rule (1 to 7 hidden, 0 kept, others to the nearest 5) on the
numerator, the denominator and their difference; percentages from the rounded figures, the less precise the
smaller the group. Then an audit: of every hidden figure at least 3 values must remain possible.

Sources: NHS Digital, HES disclosure control from September 2018; GP Patient Survey technical annex. The
steps below 4,000 and the audit are our own: docs/adr/0014-small-numbers.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import pandas as pd

View = Literal["inside", "outside"]
Record = dict[str, Any]

MEASURES = ("numerator", "denominator", "not_yet_due", "excluded", "due_for_renewal")
SHARES = ("coverage_percent", "not_yet_due_share")
GROUP = ("tier_key", "engagement", "capability_code")

INSIDE_MINIMUM = 10
OUTSIDE_HIDES_UP_TO = 7
LEAST_FEASIBLE = 3
ORGANISATION = 0  # The key of the row that stands for the whole organisation, whose node_id is None.

HIDDEN_INSIDE = f"fewer than {INSIDE_MINIMUM}"
HIDDEN_ALONGSIDE = "hidden to protect a smaller group"
HIDDEN_OUTSIDE = "*"
NOT_SHOWN = "not shown"
NOBODY_DUE = "nobody due"


def protect(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Rows of one organisation as `view` may see them; no hidden number is left anywhere in the answer.

    Each measure is a nullable number, with beside it `<measure>_text`, what a reader sees. `hidden` says that
    the row's group is too small (or protects one). Outside, only the organisation and its lowest teams are
    left, and the teams only so that their spread can be drawn from figures that passed the audit.
    """
    judge = _inside if view == "inside" else _outside
    groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in _records(rows):
        groups[tuple(record[key] for key in GROUP)].append(record)
    judged = [record for group in groups.values() for record in judge(group)]
    kept = sorted(judged if view == "inside" else _alike(judged), key=lambda record: record["position"])
    columns = [*rows.columns, "node", "parent", "leaf", "hidden", *SHARES]
    texts = [f"{name}_text" for name in (*MEASURES, *SHARES)]
    whole = dict.fromkeys(MEASURES, "Int64")
    return pd.DataFrame(kept, columns=[*columns, *texts]).astype(
        {**whole, **dict.fromkeys(SHARES, "Float64")}
    )


def _records(rows: pd.DataFrame) -> Iterable[Record]:
    for position, record in enumerate(plain_records(rows)):
        node, parent = record["node_id"], record["parent_id"]
        yield {
            **record,
            **{name: int(record[name]) for name in MEASURES},
            "node": ORGANISATION if node is None else int(node),
            "parent": None if node is None else ORGANISATION if parent is None else int(parent),
            "position": position,
        }


def plain_records(frame: pd.DataFrame) -> list[Record]:
    """One dictionary a row, of plain Python values, with None where there is none; a column at a time, for speed."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _leaves(group: Sequence[Record]) -> set[int]:
    """The teams that have none below them in this tier; a division without wards is its own lowest team."""
    parents = {r["parent"] for r in group if _size(r)}
    return {r["node"] for r in group if _size(r) and r["node"] not in parents and r["node"] != ORGANISATION}


def _size(record: Mapping[str, Any]) -> int:
    """How many people the figures are about: those who are due or, where nobody is, the others."""
    return int(record["denominator"]) or int(record["not_yet_due"]) + int(record["excluded"])


# Inside


def _inside(group: Sequence[Record]) -> list[Record]:
    leaves = _leaves(group)
    sizes = {r["node"]: _size(r) for r in group}
    hidden = hidden_inside(sizes, {r["node"]: r["parent"] for r in group})
    shown = [_blank(r) if r["node"] in hidden else _exact(r) for r in group]
    return [{**r, "leaf": r["node"] in leaves} for r in shown]


def hidden_inside(sizes: Mapping[int, int], parents: Mapping[int, int | None]) -> set[int]:
    """The nodes to hide, so that no group under 10 can be read or worked out by subtracting.

    Below each node that is shown there is either nothing hidden, or at least two hidden groups that together
    make 10. Where there is not, the next smallest is hidden too.
    """
    below: dict[int, list[int]] = defaultdict(list)
    for node, parent in parents.items():
        if parent is not None and sizes[node]:
            below[parent].append(node)
    hidden = {node for node, size in sizes.items() if 0 < size < INSIDE_MINIMUM}
    while more := _next_to_hide(sizes, below, hidden):
        hidden |= more
    return hidden


def smallest_shown(sizes: Mapping[int, int], parents: Mapping[int, int | None]) -> frozenset[int]:
    """The lowest teams with people in them or, for each that is hidden, the nearest team above that is shown.

    So that teams can be counted without telling of a small one; nobody is told of one that is hidden all the way up.
    """
    hidden = hidden_inside(sizes, parents)
    above = {parents[node] for node, size in sizes.items() if size}
    found = set()
    for lowest in (node for node, size in sizes.items() if size and node not in above):
        node: int | None = lowest
        while node in hidden:
            node = parents[node]
        if node:
            found.add(node)
    return frozenset(found)


def _next_to_hide(sizes: Mapping[int, int], below: Mapping[int, list[int]], hidden: set[int]) -> set[int]:
    for node in below:
        if node in hidden:
            continue
        unseen, seen = _subtraction(node, below, hidden)
        covered = any(child in hidden for child in below[node])
        enough = len(unseen) >= 2 and sum(sizes[n] for n in unseen) >= INSIDE_MINIMUM
        if covered and not enough and seen:
            return {min(seen, key=lambda n: sizes[n])}
    return set()


def _subtraction(node: int, below: Mapping[int, list[int]], hidden: set[int]) -> tuple[list[int], list[int]]:
    """What stays together when everything shown is taken from a node, and the nearest nodes that are shown."""
    unseen: list[int] = []
    seen: list[int] = []
    for child in below.get(node, ()):
        if child not in hidden:
            seen.append(child)
            continue
        deeper, shown = _subtraction(child, below, hidden)
        unseen += deeper if shown else [child]
        seen += shown
    return unseen, seen


def _exact(record: Record) -> Record:
    met, due, early = record["numerator"], record["denominator"], record["not_yet_due"]
    shares = {
        "coverage_percent": exact_percent(met, due),
        "not_yet_due_share": exact_percent(early, early + due),
    }
    texts = {f"{name}_text": number_text(record[name]) for name in MEASURES}
    texts["coverage_percent_text"] = percent_text(shares["coverage_percent"], NOBODY_DUE)
    texts["not_yet_due_share_text"] = percent_text(shares["not_yet_due_share"], NOBODY_DUE)
    return {**record, **shares, **texts, "hidden": False}


def _blank(record: Record) -> Record:
    text = HIDDEN_INSIDE if _size(record) < INSIDE_MINIMUM else HIDDEN_ALONGSIDE
    names = (*MEASURES, *SHARES)
    return {**record, **dict.fromkeys(names), **{f"{name}_text": text for name in names}, "hidden": True}


def exact_percent(part: int, whole: int) -> float | None:
    """To a whole per cent; but 100 means everybody and 0 nobody, so 199 of 200 is 99."""
    if whole == 0:
        return None
    nearest = (200 * part + whole) // (2 * whole)
    return float(min(max(nearest, 1), 99) if 0 < part < whole else nearest)


# Outside: rounding


def rounded(count: int) -> int | None:
    """NHS Digital: 1 to 7 hidden (None), 0 stays 0, others to the nearest 5."""
    if 0 < count <= OUTSIDE_HIDES_UP_TO:
        return None
    return (count + 2) // 5 * 5


def step(denominator: int) -> Decimal | None:
    """How finely a percentage of so many (rounded) people is given: tenths, ones, tens, or not at all (None)."""
    for least, size in ((4000, Decimal("0.1")), (400, Decimal(1)), (40, Decimal(10))):
        if denominator >= least:
            return size
    return None


def rounded_percent(numerator: int | None, denominator: int | None) -> float | None:
    """From the rounded figures only, so it tells nothing that they do not tell; halves go up."""
    if numerator is None or denominator is None or (size := step(denominator)) is None:
        return None
    steps = (Decimal(100 * numerator) / denominator / size).quantize(Decimal(1), ROUND_HALF_UP)
    return float(steps * size)


def number_text(count: int | None, hidden: str = HIDDEN_OUTSIDE) -> str:
    return hidden if count is None else f"{count:,}"


def percent_text(percent: float | None, missing: str = NOT_SHOWN) -> str:
    return missing if percent is None else f"{percent:g}%"


def is_small(count: int) -> bool:
    return 0 < count <= OUTSIDE_HIDES_UP_TO


# Outside: what a reader can work out

FIGURES = ("due", "met", "unmet")
MANY = 10**9
Bounds = tuple[int, int]
ANYTHING: Bounds = (0, MANY)
SMALL: Bounds = (1, OUTSIDE_HIDES_UP_TO)


@dataclass(frozen=True)
class Knowledge:
    """Least and most that a reader holds possible: people due, those of them who meet it, those who do not.

    `hidden` names the figures that the reader is not meant to know.
    """

    due: Bounds
    met: Bounds
    unmet: Bounds
    hidden: frozenset[str] = frozenset()

    def told(self, name: str, bounds: Bounds) -> "Knowledge":
        known: dict[str, Bounds] = {figure: getattr(self, figure) for figure in FIGURES} | {name: bounds}
        return Knowledge(known["due"], known["met"], known["unmet"], self.hidden)

    def is_impossible(self) -> bool:
        return min(width(self.due), width(self.met), width(self.unmet)) < 1


@dataclass(frozen=True)
class Slack:
    """Why parts need not add up: people counted in two teams (known, at worst), people in no team (unknown)."""

    twice: int = 0
    elsewhere: Bounds = (0, 0)

    @classmethod
    def between(cls, total: int, parts: Iterable[int]) -> "Slack":
        difference = total - sum(parts)
        return cls(max(0, -difference), ANYTHING if difference > 0 else (0, 0))


def width(bounds: Bounds) -> int:
    return bounds[1] - bounds[0] + 1


def meet(one: Bounds, other: Bounds) -> Bounds:
    return max(one[0], other[0]), min(one[1], other[1])


def narrow(total: Bounds, parts: Sequence[Bounds], slack: Slack) -> tuple[Bounds, list[Bounds]]:
    """Total + counted twice = parts + people elsewhere: what each side says about every figure in it."""
    if not parts:
        return total, []
    every = [*parts, slack.elsewhere]
    low, high = sum(b[0] for b in every), sum(b[1] for b in every)
    least, most = total[0] + slack.twice, total[1] + slack.twice
    new = [meet(b, (least - (high - b[1]), most - (low - b[0]))) for b in parts]
    return meet(total, (low - slack.twice, high - slack.twice)), new


def audit(total: Knowledge, parts: Sequence[Knowledge], slack: Mapping[str, Slack]) -> list[Knowledge]:
    """What a reader can work out of a total row and its parts (total first), by adding and subtracting.

    Uses, until nothing changes: the parts add up to the total (but for `slack`, by figure), and in each row
    people due = those who meet it + those who do not, so the numerator never exceeds the denominator.
    Percentages are made from the rounded figures and add nothing.
    """
    cells, before = [total, *parts], None
    while cells != before and not any(cell.is_impossible() for cell in cells):
        before = cells
        cells = [_within_row(cell) for cell in cells]
        for name in FIGURES:
            bounds = [getattr(cell, name) for cell in cells]
            first, rest = narrow(bounds[0], bounds[1:], slack.get(name, Slack()))
            cells = [cell.told(name, found) for cell, found in zip(cells, [first, *rest], strict=True)]
    return cells


def _within_row(cell: Knowledge) -> Knowledge:
    due = meet(cell.due, (cell.met[0] + cell.unmet[0], cell.met[1] + cell.unmet[1]))
    met = meet(cell.met, (due[0] - cell.unmet[1], due[1] - cell.unmet[0]))
    unmet = meet(cell.unmet, (due[0] - met[1], due[1] - met[0]))
    return replace(cell, due=due, met=met, unmet=unmet)


# Outside: what to hide


@dataclass(frozen=True)
class Cover:
    """How one figure of one row is covered: shown, hidden because it is small, or hidden for others."""

    shown: bool
    because_small: bool = False

    def bounds(self, count: int) -> Bounds:
        if self.shown:
            near = rounded(count) or 0
            return (max(OUTSIDE_HIDES_UP_TO + 1, near - 2), near + 2) if near else (0, 0)
        return SMALL if self.because_small else ANYTHING


SHOWN, HIDDEN_SMALL, HIDDEN_FOR_OTHERS = Cover(True), Cover(False, True), Cover(False)


def cover_alone(counts: Sequence[int]) -> list[Cover]:
    """How to show a total (first) and its parts, for a count that stands by itself."""
    covers = [HIDDEN_SMALL if is_small(count) else SHOWN for count in counts]
    slack = Slack.between(counts[0], counts[1:])
    while True:
        bounds = [cover.bounds(count) for cover, count in zip(covers, counts, strict=True)]
        first, rest = narrow(bounds[0], bounds[1:], slack)
        found = [first, *rest]
        if all(c.shown or width(b) >= LEAST_FEASIBLE for c, b in zip(covers, found, strict=True)):
            return covers
        more = hide_more(covers, counts)
        if more == covers:  # All is hidden: the reader sees nothing to work from.
            return covers
        covers = more


def hide_more(covers: Sequence[Cover], counts: Sequence[int]) -> list[Cover]:
    """Hide the smallest part that is still shown; then withdraw all parts, which say nothing; last, the total."""
    shown = [i for i, cover in enumerate(covers) if i and cover.shown]
    if not shown:
        withdrawn = [HIDDEN_FOR_OTHERS] * (len(covers) - 1)
        return [HIDDEN_FOR_OTHERS if withdrawn == list(covers[1:]) else covers[0], *withdrawn]
    next_one = min(shown, key=lambda i: (counts[i] == 0, counts[i]))
    return [HIDDEN_FOR_OTHERS if i == next_one else cover for i, cover in enumerate(covers)]


@dataclass(frozen=True)
class Pair:
    """One row's people due and those of them who meet the expectation, with how each is covered."""

    met: int
    due: int
    met_cover: Cover
    due_cover: Cover

    @classmethod
    def first(cls, met: int, due: int, due_cover: Cover | None = None) -> "Pair":
        """Hidden because small: the denominator, or the numerator where it, or what is left of it, is small."""
        due_cover = due_cover or (HIDDEN_SMALL if is_small(due) else SHOWN)
        small = not due_cover.shown or is_small(met) or is_small(due - met)
        return cls(met, due, HIDDEN_SMALL if small else SHOWN, due_cover)

    def knowledge(self) -> Knowledge:
        """What the row alone tells a reader who knows the rules and, at worst, which of the two is small."""
        due, unmet = self.due_cover.bounds(self.due), self.due - self.met
        hidden = (() if self.due_cover.shown else ("due",)) + (
            () if self.met_cover.shown else ("met", "unmet")
        )
        known = Knowledge(due, ANYTHING, ANYTHING, frozenset(hidden))
        if self.met_cover.shown:
            rest = (OUTSIDE_HIDES_UP_TO + 1, MANY) if unmet else (0, 0)
            return replace(known, met=self.met_cover.bounds(self.met), unmet=rest)
        if not self.met_cover.because_small or not self.due_cover.shown:
            return known
        met = SMALL if is_small(self.met) else ANYTHING
        return replace(known, met=met, unmet=SMALL if is_small(unmet) else ANYTHING)


def cover_pairs(counts: Sequence[tuple[int, int]], due_covers: Sequence[Cover] | None = None) -> list[Pair]:
    """How to show the numerators and denominators of a total (first) and its parts.

    With `due_covers` the denominators were decided before, and only the numerators are.
    """
    given: Sequence[Cover | None] = due_covers or [None] * len(counts)
    pairs = [Pair.first(met, due, cover) for (met, due), cover in zip(counts, given, strict=True)]
    slack = _slack(counts)
    while True:
        found = audit(pairs[0].knowledge(), [pair.knowledge() for pair in pairs[1:]], slack)
        failing = _failing(pairs[0], found)
        if due_covers:
            failing.discard("due")
        if not failing:
            return pairs
        more = _hide_more_dues(pairs) if "due" in failing else _hide_more_met(pairs)
        if more == pairs:  # All is hidden: the reader sees nothing to work from.
            return pairs
        pairs = more


def _failing(total: Pair, found: Sequence[Knowledge]) -> set[str]:
    """The hidden figures with too few possible values, but for what the total says of each and every person."""
    implied: set[str] = set()
    if total.met_cover.shown and total.met in (0, total.due):
        implied = {"met", "unmet"}
    return {n for cell in found for n in cell.hidden - implied if width(getattr(cell, n)) < LEAST_FEASIBLE}


def _slack(counts: Sequence[tuple[int, int]]) -> dict[str, Slack]:
    figures = {
        "due": [due for _, due in counts],
        "met": [met for met, _ in counts],
        "unmet": [due - met for met, due in counts],
    }
    return {name: Slack.between(values[0], values[1:]) for name, values in figures.items()}


def _hide_more_dues(pairs: Sequence[Pair]) -> list[Pair]:
    covers = hide_more([pair.due_cover for pair in pairs], [pair.due for pair in pairs])
    return [
        replace(
            pair, due_cover=cover, met_cover=pair.met_cover if cover == pair.due_cover else HIDDEN_FOR_OTHERS
        )
        for pair, cover in zip(pairs, covers, strict=True)
    ]


def _hide_more_met(pairs: Sequence[Pair]) -> list[Pair]:
    covers = hide_more([pair.met_cover for pair in pairs], [pair.met for pair in pairs])
    if covers == [pair.met_cover for pair in pairs]:
        return _hide_more_dues(pairs)
    return [replace(pair, met_cover=cover) for pair, cover in zip(pairs, covers, strict=True)]


def _outside(group: Sequence[Record]) -> list[Record]:
    """The organisation's row and its lowest teams' rows, rounded, hidden and audited together."""
    leaves = _leaves(group)
    rows = [r for r in group if r["node"] == ORGANISATION] + [r for r in group if r["node"] in leaves]
    if not rows or rows[0]["node"] != ORGANISATION:
        raise ValueError(
            "The outside view needs the organisation's own row: without a total nothing can be audited."
        )
    pairs = cover_pairs([(r["numerator"], r["denominator"]) for r in rows])
    # A hidden numerator may be small or nearly the whole, so here it counts as not known at all.
    known = [SHOWN if pair.met_cover.shown else HIDDEN_FOR_OTHERS for pair in pairs]
    renewals = cover_pairs([(r["due_for_renewal"], r["numerator"]) for r in rows], known)
    shown: list[Record] = [
        {
            "numerator": _if_shown(pair.met, pair.met_cover),
            "denominator": _if_shown(pair.due, pair.due_cover),
            "due_for_renewal": _if_shown(renewal.met, renewal.met_cover),
        }
        for pair, renewal in zip(pairs, renewals, strict=True)
    ]
    for name in ("not_yet_due", "excluded"):
        counts = [r[name] for r in rows]
        for record, count, cover in zip(shown, counts, cover_alone(counts), strict=True):
            record[name] = _if_shown(count, cover)
    return [{**r, **_with_texts(s), "leaf": r["node"] in leaves} for r, s in zip(rows, shown, strict=True)]


def _alike(rows: Sequence[Record]) -> list[Record]:
    """Hide who is not yet due and who is excluded for all capabilities of a tier, or for none.

    Those who are due, not yet due and excluded add up to the same people for each capability. Where one
    capability hid the second count and another showed it, the two together would give the hidden one away.
    """
    hiding = {_tier_of(r) for r in rows if r["not_yet_due"] is None or r["excluded"] is None}
    nothing = {"not_yet_due": None, "excluded": None}
    return [
        {**r, **_with_texts({name: r[name] for name in MEASURES} | nothing)} if _tier_of(r) in hiding else r
        for r in rows
    ]


def _tier_of(record: Record) -> tuple[object, ...]:
    return record["node"], record["tier_key"], record["engagement"]


def _if_shown(count: int, cover: Cover) -> int | None:
    return rounded(count) if cover.shown else None


def _with_texts(shown: Record) -> Record:
    due, early = shown["denominator"], shown["not_yet_due"]
    everyone = None if due is None or early is None else due + early
    shares = {
        "coverage_percent": rounded_percent(shown["numerator"], due),
        "not_yet_due_share": rounded_percent(early, everyone),
    }
    texts = {f"{name}_text": number_text(shown[name]) for name in MEASURES}
    texts |= {f"{name}_text": percent_text(shares[name]) for name in SHARES}
    if due == 0:
        texts["coverage_percent_text"] = NOBODY_DUE
    return {**shown, **shares, **texts, "hidden": due is None}
