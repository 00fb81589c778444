"""One table for page, chart, sentence and export: order, shares, spread, and what small groups see."""

import pytest

from competencies.coverage.tables import CAVEAT, coverage_table, facts, sentence

from .rows import row

WARDS = [row(1, met=12, due=24), row(2, met=18, due=20), row(3, met=4, due=16), row(4, met=3, due=12)]
TRUST = row(met=37, due=72, not_yet_due=8)


def test_coverage_stands_with_the_share_not_yet_due() -> None:
    line = coverage_table([TRUST, *WARDS]).lines[0]
    assert (line.coverage.text, line.not_yet_due_share.text) == ("51%", "10%")


def test_coverage_of_nobody_is_no_number() -> None:
    line = coverage_table([row(met=0, due=0, not_yet_due=12)]).lines[0]
    assert (line.coverage.value, line.coverage.text, line.not_yet_due_share.value) == (
        None,
        "nobody due",
        100,
    )


def test_spread_stands_beside_the_organisation_and_names_nobody() -> None:
    small = row(5, met=1, due=4)
    table = coverage_table([TRUST, *WARDS, small])
    assert table.lines[0].spread.text == "25% to 90% in 3 teams; 2 teams not shown"
    assert table.lines[0].spread.dots == (25.0, 50.0, 90.0)


def test_hidden_teams_are_listed_as_counted_in_their_parent() -> None:
    table = coverage_table([TRUST, *WARDS, row(5, met=1, due=4)])
    assert [(team.name, team.parent) for team in table.included] == [
        ("Ward 4", "Example Trust"),
        ("Ward 5", "Example Trust"),
    ]


def test_lines_keep_the_order_of_the_framework_whatever_the_values() -> None:
    values = {"PP-1": 12, "SS-1": 40, "IM-1": 25}
    rows = [row(met=m, due=50, capability=c, capability_order=i) for i, (c, m) in enumerate(values.items())]
    assert [line.capability_code for line in coverage_table(rows[::-1]).lines] == list(values)


def test_bank_staff_have_lines_of_their_own() -> None:
    table = coverage_table([row(met=10, due=20, engagement="bank"), row(met=30, due=40)])
    assert [(line.engagement_label, line.denominator.value) for line in table.lines] == [
        ("Staff", 40),
        ("Bank staff", 20),
    ]
    assert [section.heading for section in table.sections] == ["Domain SS", "Bank staff: Domain SS"]


def test_team_below_ten_shows_no_figure_on_its_own_page() -> None:
    line = coverage_table([TRUST, *WARDS, row(5, met=1, due=4)], node=5).lines[0]
    assert line.hidden
    assert {line.numerator.value, line.denominator.value, line.coverage.value, line.not_yet_due.value} == {
        None
    }


def test_spread_of_a_division_is_over_its_own_wards_only() -> None:
    division = row(9, met=16, due=40, depth=1)
    wards = [row(1, met=4, due=16, parent_id=9, depth=2), row(2, met=12, due=24, parent_id=9, depth=2)]
    elsewhere = row(3, met=30, due=30)
    table = coverage_table([row(met=46, due=70), division, *wards, elsewhere], node=9)
    assert table.lines[0].spread.dots == (25.0, 50.0)


def test_outside_sees_rounded_figures_and_a_spread_without_dots() -> None:
    wards = [row(n, met=20 + 10 * n, due=81) for n in range(1, 5)]
    line = coverage_table([row(met=180, due=324), *wards], "outside").lines[0]
    assert (line.numerator.text, line.denominator.text, line.coverage.text) == ("180", "325", "60%")
    assert (line.spread.text, line.spread.dots) == ("40% to 80% in 4 teams", ())


def test_outside_has_no_page_for_a_team() -> None:
    with pytest.raises(ValueError, match="not their teams"):
        coverage_table([TRUST, *WARDS], "outside", node=1)


def test_one_tier_of_a_table_is_the_table_of_that_tier() -> None:
    rows = [
        row(node, met=met, due=due, tier=tier, not_yet_due=early)
        for tier, early in (("managers", 0), ("frontline", 3))
        for node, met, due in ((None, 52, 60), (1, 20, 22), (2, 15, 18), (3, 17, 20))
    ]
    for tier in ("managers", "frontline", "board"):
        assert coverage_table(rows, "outside").of_tier(tier) == coverage_table(rows, "outside", tier=tier)


def test_node_without_rows_is_said_to_be_missing() -> None:
    with pytest.raises(LookupError):
        coverage_table([TRUST, *WARDS], node=99)


def test_sentence_gives_range_share_not_yet_due_and_what_it_is_not() -> None:
    rows = [TRUST, row(met=60, due=72, capability="SS-2", capability_order=2)]
    assert sentence(coverage_table(rows)) == (
        "Frontline in Example Trust: of the people who are due, between 51% and 83% meet what is expected, "
        f"across 2 capabilities. Between 0% and 10% of people are not yet due. {CAVEAT}"
    )


def test_board_is_told_in_counts_not_percentages() -> None:
    table = coverage_table([row(met=9, due=12, tier="board", expected_level=4)])
    assert table.facts
    assert table.lines[0].coverage.text == "9 of 12 people"
    assert table.lines[0].not_yet_due_share.text == "0 of 12 people"
    assert facts(table) == [
        "Capability SS-1: 9 of 12 people who are due meet level 4; not yet due: 0 of 12 people."
    ]


def test_empty_table_is_said_in_words() -> None:
    assert sentence(coverage_table([TRUST], tier="board")) == (
        f"Nothing is expected of anybody in Example Trust on this day. {CAVEAT}"
    )
