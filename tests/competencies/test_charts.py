"""The dot strip chart: same figures and order as the table, readable without colour."""

import re
import xml.etree.ElementTree as ET

from competencies.coverage.charts import LEFT, RIGHT, chart, dot_strip, place
from competencies.coverage.tables import coverage_table, sentence

from .rows import row

ROWS = [
    row(met=37, due=72, not_yet_due=8),
    row(1, met=12, due=24),
    row(2, met=18, due=20),
    row(3, met=7, due=28),
    row(met=60, due=72, capability="SS-2", capability_order=2),
]
SVG = "{http://www.w3.org/2000/svg}"


def svg(html: str) -> ET.Element:
    found = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert found
    return ET.fromstring(found[0])  # noqa: S314 - our own drawing


def test_chart_has_a_strip_for_each_line_in_the_same_order() -> None:
    table = coverage_table(ROWS)
    drawn = dot_strip(table)
    assert drawn
    assert [(s.code, s.text) for s in drawn.strips] == [
        (line.capability_code, f"{line.coverage.text}, not yet due {line.not_yet_due_share.text}")
        for line in table.lines
    ]


def test_axis_runs_from_nought_to_a_hundred() -> None:
    assert (place(0), place(50), place(100)) == (LEFT, (LEFT + RIGHT) / 2, RIGHT)


def test_chart_is_one_named_image_in_a_labelled_region() -> None:
    html = chart(coverage_table(ROWS))
    image = svg(html)
    names = {f"{element.get('id')}" for element in image if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert image.get("role") == "img"
    assert set(str(image.get("aria-labelledby")).split()) == names
    assert image.findtext(f"{SVG}desc") == sentence(coverage_table(ROWS))
    assert 'role="region"' in html
    assert 'tabindex="0"' in html


def test_chart_has_no_inline_style_or_script() -> None:
    html = chart(coverage_table(ROWS))
    assert not re.search(r"style=|<script|<style|fill=|\bon\w+=", html)


def test_whole_is_a_diamond_and_each_team_an_unnamed_ring() -> None:
    image = svg(chart(coverage_table(ROWS)))
    key_and_teams, key_and_strips = 2 + 3, 1 + 2
    assert len(image.findall(f"{SVG}circle")) == key_and_teams
    assert len(image.findall(f"{SVG}path")) == key_and_strips
    assert not any("Ward" in (element.text or "") for element in image.iter())


def test_outside_chart_has_no_team_in_it() -> None:
    wards = [row(n, met=20 + 10 * n, due=81) for n in range(1, 5)]
    image = svg(chart(coverage_table([row(met=180, due=324), *wards], "outside")))
    assert image.findall(f"{SVG}circle") == []


def test_nothing_is_drawn_of_a_small_group() -> None:
    assert chart(coverage_table([row(met=9, due=12, tier="board")])) == ""
