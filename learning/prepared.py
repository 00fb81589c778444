"""SQL that the server plans once for each connection, not once for each request."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        self.connection.prepare_threshold = 0  # Django sets None, with which nothing is ever prepared
        return super().execute(query, params, prepare=True)


def rows_of(query: Any, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows that a prepared query finds. It counts as a query of Django's, and stands in its transaction."""
    connection.ensure_connection()
    with connection._prepare_cursor(  # type: ignore[attr-defined]
        _Prepared(connection.connection)
    ) as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
