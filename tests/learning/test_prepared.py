"""What goes to the database without a detour behaves as what goes through Django."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from learning.prepared import MOST_PREPARED, rows_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 'O\'Neill \\ "quoted" {a,b} % ż'),
        ("text", None),
        ("bigint", 2**40),
        ("date", date(2026, 3, 29)),
        ("timestamptz", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("uuid", uuid.UUID(int=7)),
        ("text[]", ["plain", "", 'with "quotes"', "back\\slash", "comma, {brace}", "NULL"]),
        ("text[]", []),
    ],
)
def test_a_value_comes_back_as_it_went(kind: str, value: Any) -> None:
    assert rows_of(f"SELECT %(value)s::{kind}, %(value)s::{kind}", {"value": value}) == [(value, value)]


def test_it_counts_as_a_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        rows_of("SELECT 1", {})
    assert [query["sql"] for query in queries] == ["SELECT 1"]


def test_it_stands_in_the_transaction_around_it() -> None:
    with transaction.atomic():
        rows_of("CREATE TABLE passing (id int)", {})
        transaction.set_rollback(True)
    with pytest.raises(ProgrammingError, match="passing"), transaction.atomic():
        rows_of("SELECT * FROM passing", {})


def test_a_failure_is_djangos_own_and_the_next_query_works() -> None:
    with pytest.raises(DataError), transaction.atomic():
        rows_of("SELECT 1 / %(by)s::int", {"by": 0})
    assert rows_of("SELECT 1 / %(by)s::int", {"by": 1}) == [(1,)]


def test_a_connection_keeps_no_more_plans_than_it_may() -> None:
    for number in range(MOST_PREPARED + 20):
        assert rows_of(f"SELECT {number}", {}) == [(number,)]
    [(kept,)] = rows_of("SELECT count(*) FROM pg_prepared_statements WHERE starts_with(name, 'record')", {})
    assert kept <= MOST_PREPARED
    assert rows_of("SELECT 0", {}) == [(0,)]


def test_it_takes_no_value_that_it_cannot_write() -> None:
    with pytest.raises(TypeError, match="float"):
        rows_of("SELECT %(value)s::float", {"value": 0.5})
