"""Table in, accessible SVG out: one strip for each capability, in the framework's order, from 0 to 100%.

A diamond is the figure of the whole. Inside, a bar runs over its teams with a ring for each; nothing says which
team is which. The table beside the chart holds the same figures, so the chart is one image to a screen reader.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .tables import Line, Table, sentence

WIDTH = 600  # units of the drawing; at 320 pixels it scrolls in its own region and text stays about 14 pixels
LEFT, RIGHT = 14, 586
TOP, STEP, FOOT = 62, 46, 34
STRIP = 24  # from a strip's words down to its line
MARKER = 8
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Strip:
    """One capability: places are in units of the drawing."""

    code: str
    label: str
    text: str
    words_y: int
    y: int
    diamond: str
    low: float | None
    high: float | None
    dots: tuple[float, ...]


@dataclass(frozen=True)
class Tick:
    x: float
    label: str
    anchor: str


@dataclass(frozen=True)
class DotStrip:
    chart_id: str
    title: str
    description: str
    height: int
    foot: int
    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]
    has_teams: bool
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP


def dot_strip(table: Table) -> DotStrip | None:
    """The chart of a table of one tier, for its staff; None where there is no percentage to draw."""
    lines = [line for line in table.lines if line.engagement == "staff"]
    if table.facts or not any(line.coverage.value is not None for line in lines):
        return None
    strips = tuple(_strip(line, TOP + i * STEP) for i, line in enumerate(lines))
    foot = TOP + len(strips) * STEP
    tier = lines[0].tier_label
    return DotStrip(
        chart_id=f"coverage-{lines[0].tier_key}",
        title=f"{tier}: people who meet what is expected, out of those who are due, in {table.node_name}",
        description=sentence(table),
        height=foot + FOOT,
        foot=foot,
        strips=strips,
        ticks=tuple(Tick(place(p), f"{p}%", _anchor(p)) for p in TICKS),
        has_teams=any(strip.dots for strip in strips),
    )


def chart(table: Table) -> SafeString:
    """The figure as HTML, or nothing where there is no percentage to draw."""
    drawn = dot_strip(table)
    return (
        render_to_string("competencies/coverage/_chart.svg.html", {"chart": drawn})
        if drawn
        else SafeString("")
    )


def place(percent: float) -> float:
    """Where a percentage stands across the drawing."""
    return round(LEFT + (RIGHT - LEFT) * percent / 100, 1)


def _strip(line: Line, top: int) -> Strip:
    value, low, high = line.coverage.value, line.spread.low.value, line.spread.high.value
    drawn = bool(line.spread.dots)
    y = top + STRIP
    return Strip(
        code=line.capability_code,
        label=line.capability_name,
        text=f"{line.coverage.text}, not yet due {line.not_yet_due_share.text}",
        words_y=top + 14,
        y=y,
        diamond="" if value is None else _diamond(place(value), y),
        low=place(low) if drawn and low is not None else None,
        high=place(high) if drawn and high is not None else None,
        dots=tuple(place(dot) for dot in line.spread.dots),
    )


def _diamond(x: float, y: float) -> str:
    return f"M{x} {y - MARKER}L{x + MARKER} {y}L{x} {y + MARKER}L{x - MARKER} {y}Z"


def _anchor(percent: int) -> str:
    """Labels at the ends stay inside the drawing."""
    return {0: "", 100: "app-chart__label--end"}.get(percent, "app-chart__label--middle")
