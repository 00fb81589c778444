"""Rows in, table out: what every page, chart, sentence and export of coverage shows. Pure pandas, no Django.

One row is one (node, tier, capability, engagement) on one day. A node is a team or the whole organisation
(node_id None); its row counts each person once, those of the teams below it included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import pandas as pd

from .disclosure import (
    INSIDE_MINIMUM,
    NOBODY_DUE,
    NOT_SHOWN,
    ORGANISATION,
    View,
    percent_text,
    plain_records,
    protect,
)
from .recount import count

__all__ = [
    "COLUMNS",
    "Figure",
    "Line",
    "Row",
    "Spread",
    "Table",
    "count",
    "coverage_table",
    "facts",
    "sentence",
]


class Row(TypedDict):
    """What queries.py counts. Columns are exactly these, in this order."""

    node_id: int | None
    node_code: str
    node_name: str
    parent_id: int | None
    depth: int  # 0 is the organisation
    tier_key: str
    tier_label: str
    tier_order: int
    capability_code: str
    capability_name: str
    domain_code: str
    domain_name: str
    capability_order: int
    expected_level: int  # the tier's own; a person with an overlay is judged by theirs
    engagement: str  # staff, bank, agency or contractor
    numerator: int
    denominator: int
    not_yet_due: int
    excluded: int
    due_for_renewal: int


COLUMNS = tuple(Row.__annotations__)

# Small groups by their nature: counts are printed as facts, never as percentages.
FACTS_TIERS = frozenset({"board", "experts", "patients"})
ENGAGEMENTS = {"staff": "Staff", "bank": "Bank staff", "agency": "Agency staff", "contractor": "Contractors"}
LEAST_TEAMS = {"inside": 1, "outside": 3}
NO_TEAMS = "no teams below"
CAVEAT = "This shows learning, not whether care is safe."


@dataclass(frozen=True)
class Figure:
    """A figure as printed, and its value for machines: None where it is hidden or does not exist."""

    value: float | int | None
    text: str


@dataclass(frozen=True)
class Spread:
    """The teams at the foot of the tree beside the figure of the whole: how many, from where to where.

    `dots` are the shown teams' percentages in ascending order, so a place in it names nobody; none outside.
    """

    teams_shown: int
    teams_hidden: int
    low: Figure
    high: Figure
    dots: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        if not self.teams_shown + self.teams_hidden:
            return NO_TEAMS
        if self.low.value is None:
            return f"{_teams(self.teams_hidden)} not shown"
        rest = f"; {_teams(self.teams_hidden)} not shown" if self.teams_hidden else ""
        between = self.low.text if self.low == self.high else f"{self.low.text} to {self.high.text}"
        return f"{between} in {_teams(self.teams_shown)}{rest}"


@dataclass(frozen=True)
class Line:
    """One capability of one tier: people meeting it (numerator) of those who are due (denominator)."""

    tier_key: str
    tier_label: str
    engagement: str
    domain_code: str
    domain_name: str
    capability_code: str
    capability_name: str
    expected_level: int
    numerator: Figure
    denominator: Figure
    coverage: Figure
    not_yet_due: Figure
    not_yet_due_share: Figure
    excluded: Figure
    due_for_renewal: Figure
    spread: Spread
    hidden: bool
    note: str

    @property
    def engagement_label(self) -> str:
        return ENGAGEMENTS.get(self.engagement, self.engagement.capitalize())


@dataclass(frozen=True)
class Included:
    """A team too small to show on at least one line; its people are counted in its parent."""

    name: str
    parent: str


@dataclass(frozen=True)
class Section:
    """Lines of one tier, one kind of engagement and one domain."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Coverage of one node. Lines stand in the framework's order, never in the order of a value."""

    view: View
    node_code: str
    node_name: str
    lines: tuple[Line, ...]
    included: tuple[Included, ...] = ()
    is_organisation: bool = True

    @property
    def facts(self) -> bool:
        """No percentage stands in it, so it is told in counts and not drawn."""
        return all(line.coverage.value is None for line in self.lines)

    def of_tier(self, tier: str) -> "Table":
        """The same as a table made of that tier alone: no figure of one tier hides or shows one of another."""
        return replace(self, lines=tuple(line for line in self.lines if line.tier_key == tier))

    @property
    def sections(self) -> tuple[Section, ...]:
        several_tiers = len({line.tier_key for line in self.lines}) > 1
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            parts = (
                line.tier_label if several_tiers else "",
                line.engagement_label if line.engagement != "staff" else "",
                line.domain_name,
            )
            groups.setdefault(": ".join(part for part in parts if part), []).append(line)
        return tuple(Section(heading, tuple(lines)) for heading, lines in groups.items())


def coverage_table(
    rows: pd.DataFrame | Sequence[Row],
    view: View = "inside",
    node: int | None = None,
    tier: str | None = None,
) -> Table:
    """The table of one node (None: the organisation) as `view` may see it, of one tier or of all.

    `rows` are those of the whole organisation, because what is hidden in a team depends on its neighbours.
    Outside sees the organisation only. LookupError: the node has no row.
    """
    if view == "outside" and node is not None:
        raise ValueError("The outside view shows organisations, not their teams.")
    frame = _frame(rows)
    of_tier = frame if tier is None else frame[frame["tier_key"] == tier]
    key = ORGANISATION if node is None else node
    records = plain_records(protect(of_tier, view))
    own = [record for record in records if record["node"] == key]
    name = _of_node(frame, node)
    below = _below(records, key)
    groups = _by_group(r for r in records if r["node"] in below)
    lines = tuple(_line(record, groups.get(_group(record), ()), view) for record in own)
    included = _included(records, below | {key}) if view == "inside" else ()
    return Table(view, name[0], name[1], lines, included, node is None)


def _frame(rows: pd.DataFrame | Sequence[Row]) -> pd.DataFrame:
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), columns=list(COLUMNS))
    staff_first = (
        frame["engagement"].map({name: i for i, name in enumerate(ENGAGEMENTS)}).fillna(len(ENGAGEMENTS))
    )
    order = ["tier_order", "staff_first", "capability_order", "depth", "node_code"]
    return frame.assign(staff_first=staff_first).sort_values(order, kind="stable")[list(COLUMNS)]


def _of_node(frame: pd.DataFrame, node: int | None) -> tuple[str, str]:
    own = frame[frame["node_id"].isna() if node is None else frame["node_id"] == node]
    if own.empty:
        raise LookupError(f"No coverage rows for node {node}")
    return own.iloc[0]["node_code"], own.iloc[0]["node_name"]


def _group(record: dict[str, Any]) -> tuple[str, str, str]:
    return record["tier_key"], record["engagement"], record["capability_code"]


def _by_group(records: Iterable[dict[str, Any]]) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(_group(record), []).append(record)
    return groups


def _below(records: Sequence[dict[str, Any]], key: int) -> set[int]:
    parents = {record["node"]: record["parent"] for record in records}
    if key == ORGANISATION:
        return set(parents) - {ORGANISATION}
    found: set[int] = set()
    while more := {n for n, parent in parents.items() if parent in found | {key}} - found - {key}:
        found |= more
    return found


def _line(record: dict[str, Any], below: Sequence[dict[str, Any]], view: View) -> Line:
    facts = record["tier_key"] in FACTS_TIERS
    return Line(
        tier_key=record["tier_key"],
        tier_label=record["tier_label"],
        engagement=record["engagement"],
        domain_code=record["domain_code"],
        domain_name=record["domain_name"],
        capability_code=record["capability_code"],
        capability_name=record["capability_name"],
        expected_level=record["expected_level"],
        numerator=_figure(record, "numerator"),
        denominator=_figure(record, "denominator"),
        coverage=_fact(record) if facts else _figure(record, "coverage_percent"),
        not_yet_due=_figure(record, "not_yet_due"),
        not_yet_due_share=_share_fact(record) if facts else _figure(record, "not_yet_due_share"),
        excluded=_figure(record, "excluded"),
        due_for_renewal=_figure(record, "due_for_renewal"),
        spread=_spread(below, view, facts),
        hidden=record["hidden"],
        note=_note(record, view, facts),
    )


def _figure(record: dict[str, Any], name: str) -> Figure:
    return Figure(record[name], record[f"{name}_text"])


def _fact(record: dict[str, Any]) -> Figure:
    if record["numerator"] is None or not record["denominator"]:
        return Figure(None, record["coverage_percent_text"])
    return Figure(None, f"{record['numerator_text']} of {record['denominator_text']} people")


def _share_fact(record: dict[str, Any]) -> Figure:
    """Not yet due, out of them and those who are due."""
    if record["not_yet_due_share"] is None:
        return Figure(None, record["not_yet_due_share_text"])
    return Figure(
        None, f"{record['not_yet_due_text']} of {record['not_yet_due'] + record['denominator']} people"
    )


def _spread(below: Sequence[dict[str, Any]], view: View, facts: bool) -> Spread:
    teams = [r for r in below if r["leaf"] and (r["denominator"] is None or r["denominator"] > 0)]
    shown = sorted(r["coverage_percent"] for r in teams if r["coverage_percent"] is not None)
    if facts or len(shown) < LEAST_TEAMS[view]:
        return Spread(0, len(teams), Figure(None, NOT_SHOWN), Figure(None, NOT_SHOWN))
    low, high = (Figure(value, percent_text(value)) for value in (shown[0], shown[-1]))
    return Spread(len(shown), len(teams) - len(shown), low, high, tuple(shown) if view == "inside" else ())


def _note(record: dict[str, Any], view: View, facts: bool) -> str:
    if view == "inside" and record["hidden"]:
        return f"Groups of fewer than {INSIDE_MINIMUM} people are counted in the level above."
    if record["denominator"] == 0:
        return "Nobody is due yet." if record["not_yet_due"] else "Nobody is due."
    if facts:
        return "A small group: counts, not percentages."
    if view == "outside":
        return "Rounded; * hides a small number."
    return ""


def _included(records: Sequence[dict[str, Any]], nodes: set[int]) -> tuple[Included, ...]:
    names = {record["node"]: record["node_name"] for record in records}
    hidden = {
        r["node"]: r["parent"]
        for r in records
        if r["hidden"] and r["node"] in nodes and r["parent"] is not None
    }
    return tuple(Included(names[node], names.get(parent, "")) for node, parent in hidden.items())


def _teams(number: int) -> str:
    return "1 team" if number == 1 else f"{number} teams"


# In words


def sentence(table: Table) -> str:
    """What the table says, in plain English; always with the share of people who are not yet due."""
    staff = [line for line in table.lines if line.engagement == "staff"] or list(table.lines)
    if not staff:
        return f"Nothing is expected of anybody in {table.node_name} on this day. {CAVEAT}"
    if table.facts:
        return (
            f"{_whose(table, staff)} are small groups here, so counts are given and not percentages. {CAVEAT}"
        )
    percents = [line.coverage for line in staff if line.coverage.value is not None]
    # Outside, figures are rounded, and 0% or 100% may leave out a few people.
    about = "about " if table.view == "outside" else ""
    return (
        f"{_whose(table, staff)} in {table.node_name}: of the people who are due, {about}{_across(percents)} meet "
        f"what is expected, across {_number(len(percents), 'capability', 'capabilities')}. "
        f"{_not_yet_due(staff, about)} {CAVEAT}"
    )


def _whose(table: Table, lines: Sequence[Line]) -> str:
    labels = list(dict.fromkeys(line.tier_label for line in lines))
    return labels[0] if len(labels) == 1 else "All groups"


def _number(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _not_yet_due(lines: Sequence[Line], about: str) -> str:
    shares = [line.not_yet_due_share for line in lines if line.not_yet_due_share.value is not None]
    if not shares:
        return "The share of people who are not yet due is not shown."
    told = f"{about}{_across(shares)} of people are not yet due."
    return told[0].upper() + told[1:]


def _across(figures: Sequence[Figure]) -> str:
    low, high = (pick(figures, key=lambda f: f.value or 0) for pick in (min, max))
    return low.text if low.value == high.value else f"between {low.text} and {high.text}"


def facts(table: Table) -> list[str]:
    """For small groups: one sentence a line, in counts."""
    return [f"{line.capability_name}: {_told(line)}." for line in table.lines]


def _told(line: Line) -> str:
    if line.numerator.value is None or line.denominator.value is None:
        return "too few people to give a figure"
    if not line.denominator.value:
        return NOBODY_DUE
    return (
        f"{line.numerator.text} of {line.denominator.text} people who are due meet level {line.expected_level}; "
        f"not yet due: {line.not_yet_due_share.text}"
    )
