"""SQL that PostgreSQL plans once for each connection, and that goes to it without a detour.

The record asks the same few questions on each request. psycopg and Django take longer to hand one over than
PostgreSQL takes to answer it, so these go straight to libpq (ADR 0019). They count as queries of Django's, stand in
its transactions, and their failures are Django's errors.
"""

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus

MOST_PREPARED = 100  # on one connection: each keeps a plan in the database's memory
_FINE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class _Query(NamedTuple):
    """SQL with places by number, and which value goes into each."""

    sql: bytes
    names: tuple[str, ...]


@lru_cache(maxsize=2_000)
def _query(sql: str) -> _Query:
    names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", sql)
    return _Query(numbered.encode(), names)


# What each connection has prepared, by its SQL.
_prepared: WeakKeyDictionary[Any, dict[str, bytes]] = WeakKeyDictionary()


def rows_of(sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows that a query finds, with values where it says `%(name)s`. Its plan is the same whatever they are."""
    found = _answer(sql, values)
    transformer = Transformer()
    transformer.set_pgresult(found)
    return transformer.load_rows(0, found.ntuples, tuple)


def _answer(sql: str, values: Mapping[str, object]) -> Any:
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    raw: Any = database.connection
    began = time.monotonic()
    with database.wrap_database_errors:
        if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
            _succeeded(raw, raw.pgconn.exec_(b"BEGIN"))
        query = _query(sql)
        texts = [_written(values[name]) for name in query.names]
        found = raw.pgconn.exec_prepared(_name_of(sql, query, raw), texts)
        _succeeded(raw, found)
    if database.queries_logged:
        database.queries_log.append({"sql": sql, "time": f"{time.monotonic() - began:.3f}"})
    return found


def _name_of(sql: str, query: _Query, raw: Any) -> bytes:
    prepared = _prepared.setdefault(raw, {})
    if name := prepared.get(sql):
        return name
    if len(prepared) >= MOST_PREPARED:
        _succeeded(raw, raw.pgconn.exec_(b"DEALLOCATE ALL"))
        prepared.clear()
    name = b"record_%d" % len(prepared)
    _succeeded(raw, raw.pgconn.prepare(name, query.sql))
    prepared[sql] = name
    return name


def _succeeded(raw: Any, found: Any) -> None:
    """Raises what psycopg would."""
    if found.status in _FINE:
        return
    if raw.pgconn.status != ConnStatus.OK:
        raise psycopg.OperationalError(raw.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(found, encoding=raw.info.encoding)


def _written(value: object) -> bytes | None:
    """A value as PostgreSQL reads it from text."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return _array(value).encode()
    if isinstance(value, datetime | date):
        return value.isoformat().encode()
    if isinstance(value, int | UUID):
        return str(value).encode()
    raise TypeError(f"A prepared query takes no {type(value).__name__}.")


def _array(values: list[str]) -> str:
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return "{" + ",".join(quoted) + "}"


@cache
def columns_of(*models: type[Model]) -> str:
    """Every column of these models' tables, as `objects_of` reads them."""
    fields = [
        (model._meta.db_table, field.column) for model in models for field in model._meta.concrete_fields
    ]
    return ", ".join(f'"{table}"."{column}"' for table, column in fields)


def objects_of(query: str, values: Mapping[str, object], *models: type[Model]) -> list[list[Any]]:
    """Of each row an object of each model, or None where an outer join found none; then what else the row holds.

    It is what Django would find, without putting the SQL together anew; and while a row stays as it was, so do its
    objects. Whoever is given one may not change it.
    """
    found = _answer(query, values)
    types = tuple(found.ftype(column) for column in range(found.nfields))
    return [
        _objects_in(models, types, tuple(found.get_value(row, column) for column in range(found.nfields)))
        for row in range(found.ntuples)
    ]


@lru_cache(maxsize=1_000)
def _objects_in(
    models: tuple[type[Model], ...], types: tuple[int, ...], row: tuple[bytes | None, ...]
) -> list[Any]:
    transformer = Transformer()
    transformer.set_loader_types(types, Format.TEXT)
    columns = iter(transformer.load_sequence(row))
    return [*[_object(model, columns) for model in models], *columns]


def _object(model: type[Model], columns: Iterator[Any]) -> Model | None:
    """The key stands first."""
    fields = [field.attname for field in model._meta.concrete_fields]
    values = list(islice(columns, len(fields)))
    return None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, fields, values)


def transaction_began(*, alone: bool = False) -> datetime:
    """When this transaction, which stores, began by the database's clock. If nothing was asked in it yet, it begins by
    asking this: one way to the database instead of two.

    Those that store do so side by side, unless one is to be `alone`: it waits until the others have ended, and they
    wait for it.
    """
    began = _BEGAN_ALONE if alone else _BEGAN
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    raw: Any = database.connection
    if raw.autocommit or raw.pgconn.transaction_status != TransactionStatus.IDLE:
        return moment(rows_of(began, {})[0][0])
    with database.wrap_database_errors:
        found = raw.pgconn.exec_(f"BEGIN; {began}".encode())
        _succeeded(raw, found)
    return moment(int(found.get_value(0, 0)))


_STORING = 5_407_013  # any number, so long as nothing else locks by it
_BEGAN = (
    "SELECT (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint"  # noqa: S608 nothing from outside
    f" FROM pg_advisory_xact_lock_shared({_STORING})"
)
_BEGAN_ALONE = _BEGAN.replace("lock_shared", "lock")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(microseconds: int) -> datetime:
    """A point in time from what `extract(epoch …) * 1000000` says."""
    return _EPOCH + timedelta(microseconds=microseconds)
