"""CSV holds what the page shows, and nothing that it hides."""

import csv
import io
from datetime import date

import pytest

from competencies.coverage.exports import COLUMNS, Stamp, coverage_csv, export_rows, guarded
from competencies.coverage.tables import Table, coverage_table

from .rows import row

STAMP = Stamp("X01", "Example Trust", date(2026, 11, 30), "0.2")
ROWS = [
    row(met=37, due=72, not_yet_due=8),
    row(1, met=12, due=24),
    row(2, met=18, due=20),
    row(3, met=7, due=28),
    row(met=60, due=72, capability="SS-2", capability_order=2),
]


def read(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(coverage_csv(export_rows(table, STAMP)))))


def test_header_is_plain_and_fixed() -> None:
    assert coverage_csv([]).splitlines() == [",".join(COLUMNS)]


def test_row_says_whose_figures_of_which_day_and_edition() -> None:
    first = read(coverage_table(ROWS))[0]
    assert {
        k: first[k] for k in ("organisation_code", "organisation_name", "as_at", "edition", "team_code")
    } == {
        "organisation_code": "X01",
        "organisation_name": "Example Trust",
        "as_at": "2026-11-30",
        "edition": "0.2",
        "team_code": "",
    }


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_rows_equal_the_lines_of_the_table(view: str) -> None:
    table = coverage_table(ROWS, view)  # type: ignore[arg-type]
    rows = read(table)
    assert [r["capability"] for r in rows] == [line.capability_code for line in table.lines]
    for exported, line in zip(rows, table.lines, strict=True):
        for name, figure in {
            "numerator": line.numerator,
            "denominator": line.denominator,
            "coverage_percent": line.coverage,
            "not_yet_due": line.not_yet_due,
            "not_yet_due_share": line.not_yet_due_share,
            "spread_low": line.spread.low,
            "spread_high": line.spread.high,
        }.items():
            assert exported[name] == ("" if figure.value is None else figure.text.rstrip("%"))


def test_hidden_figures_are_empty_and_named_in_the_note() -> None:
    exported = read(coverage_table([row(met=28, due=30, not_yet_due=3)], "outside"))[0]
    assert (exported["numerator"], exported["denominator"], exported["not_yet_due"]) == ("", "30", "")
    assert exported["note"].endswith("Hidden: numerator, not_yet_due, excluded, due_for_renewal.")


def test_team_is_named_only_on_its_own_table() -> None:
    exported = read(coverage_table(ROWS, node=1))[0]
    assert (exported["team_code"], exported["team_name"]) == ("W01", "Ward 1")


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx"])
def test_spreadsheet_formulas_are_defused(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_numbers_and_plain_names_stay_as_they_are() -> None:
    assert [guarded(value) for value in (5, 62.5, None, "Ward 1")] == [5, 62.5, None, "Ward 1"]
