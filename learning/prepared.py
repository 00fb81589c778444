"""SQL that the server plans once for each connection, not once for each request."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg.pq import ExecStatus, TransactionStatus


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        self.connection.prepare_threshold = 0  # Django sets None, with which nothing is ever prepared
        return super().execute(query, params, prepare=True)

    def _send_query_prepared(self, name: bytes, pgq: Any, **options: Any) -> None:
        self._query = pgq  # for Django, which shows it where queries are told; psycopg sets it for all others
        super()._send_query_prepared(name, pgq, **options)


def rows_of(query: Any, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows that a prepared query finds. It counts as a query of Django's, and stands in its transaction."""
    connection.ensure_connection()
    with connection._prepare_cursor(  # type: ignore[attr-defined]
        _Prepared(connection.connection)
    ) as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


@cache
def columns_of(*models: type[Model]) -> str:
    """Every column of these models' tables, as `objects_of` reads them."""
    fields = [
        (model._meta.db_table, field.column) for model in models for field in model._meta.concrete_fields
    ]
    return ", ".join(f'"{table}"."{column}"' for table, column in fields)


def objects_of(query: str, values: Mapping[str, object], *models: type[Model]) -> list[list[Any]]:
    """Of each row an object of each model, or None where an outer join found none.

    It is what Django would find, without putting the SQL together anew.
    """
    names = [[field.attname for field in model._meta.concrete_fields] for model in models]
    return [
        [
            _object(model, fields, list(islice(columns, len(fields))))
            for model, fields in zip(models, names, strict=True)
        ]
        for columns in map(iter, rows_of(query, values))
    ]


def _object(model: type[Model], fields: list[str], values: list[Any]) -> Model | None:
    """The key stands first."""
    return None if values[0] is None else model.from_db(connection.alias, fields, values)


def transaction_began() -> datetime:
    """When this transaction began, by the database's clock. If nothing was asked in it yet, it begins by asking this:
    one way to the database instead of two.
    """
    connection.ensure_connection()
    raw = connection.connection
    if raw.autocommit or raw.info.transaction_status is not TransactionStatus.IDLE:
        return moment(rows_of(_BEGAN, {})[0][0])
    with connection.wrap_database_errors:
        found = raw.pgconn.exec_(f"BEGIN; {_BEGAN}".encode())
        if found.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(found.error_message.decode(errors="replace"))
    return moment(int(found.get_value(0, 0)))


_BEGAN = "SELECT (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(microseconds: int) -> datetime:
    """A point in time from what `extract(epoch …) * 1000000` says."""
    return _EPOCH + timedelta(microseconds=microseconds)
