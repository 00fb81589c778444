"""The least that the same work can cost here: psycopg, a bare table of the same columns, and the same indexes."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from learning.keys import key_of

from .databases import connect
from .payloads import Payload

Row = tuple[object, ...]

_COLUMNS = "id, stored, payload, actor_id, verb, activity_id, registration, timestamp, credential_id"
_INSERT = f"INSERT INTO floor ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
_COPY = f"COPY floor ({_COLUMNS}) FROM STDIN"
_ORDER = "ORDER BY stored DESC, id DESC LIMIT %s"
_QUERY = f"SELECT stored, id, payload FROM learning_statement WHERE actor_id = %s AND verb = %s AND voided_by IS NULL {_ORDER}"  # noqa: S608, E501
_PAGE = f"SELECT stored, id, payload FROM learning_statement WHERE voided_by IS NULL AND (stored, id) < (%s, %s) {_ORDER}"  # noqa: S608, E501


def make() -> None:
    """Empty, however much the record holds: what a bare insert costs is not to grow with it."""
    with connect() as connection:
        connection.execute("DROP TABLE IF EXISTS floor")
        connection.execute(
            "CREATE TABLE floor (LIKE learning_statement INCLUDING DEFAULTS INCLUDING INDEXES)"
        )


def singles(payloads: Sequence[Payload], connections: int) -> float:
    """Statements a second, each committed for itself."""
    shares = [[row_of(payload) for payload in payloads[n::connections]] for n in range(connections)]
    return len(payloads) / _together([_inserting(share) for share in shares])


def batches(payloads: Sequence[Payload], connections: int, size: int) -> float:
    """Statements a second by COPY, so many at a time."""
    rows = [row_of(payload) for payload in payloads]
    parts = [rows[start : start + size] for start in range(0, len(rows), size)]
    return len(rows) / _together([_copying(parts[n::connections]) for n in range(connections)])


def questions(asked: Sequence[tuple[UUID, str]], connections: int, limit: int) -> float:
    """Questions by agent and verb a second, with every row fetched."""
    return len(asked) / _together([_asking(asked[n::connections], limit) for n in range(connections)])


def paged(size: int, most: int) -> float:
    """Statements a second, page after page, newest first."""
    with connect() as connection:
        start, count = time.perf_counter(), 0
        after: tuple[object, object] = (datetime.max.replace(tzinfo=UTC), UUID(int=0))
        for _ in range(most):
            rows = connection.execute(_PAGE, [*after, size], prepare=True).fetchall()
            count += len(rows)
            if len(rows) < size:
                break
            after = (rows[-1][0], rows[-1][1])
        return count / (time.perf_counter() - start)


def row_of(payload: Payload) -> Row:
    return (
        UUID(payload.id),
        datetime.now(UTC),
        payload.body,
        payload.actor_id,
        payload.verb,
        key_of(payload.activity),
        UUID(payload.registration),
        payload.timestamp,
        1,
    )


Work = Callable[[], None]


def _inserting(rows: Sequence[Row]) -> Work:
    connection = connect()

    def work() -> None:
        with connection:
            for row in rows:
                connection.execute(_INSERT, row, prepare=True)

    return work


def _copying(batches: Sequence[Sequence[Row]]) -> Work:
    connection = connect()

    def work() -> None:
        with connection:
            for rows in batches:
                with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                    for row in rows:
                        copy.write_row(row)

    return work


def _asking(asked: Sequence[tuple[UUID, str]], limit: int) -> Work:
    connection = connect()

    def work() -> None:
        with connection:
            for actor, verb in asked:
                connection.execute(_QUERY, [actor, verb, limit], prepare=True).fetchall()

    return work


def _together(works: Sequence[Work]) -> float:
    """The seconds that all of them took, side by side. Connections were made before."""
    threads = [threading.Thread(target=work) for work in works]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
