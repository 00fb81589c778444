"""Millions of statements put straight into the tables by COPY, as they would stand there had they come in."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone
from psycopg import Connection
from psycopg.sql import SQL, Identifier
from rich.console import Console
from rich.progress import Progress

from learning.keys import key_of
from learning.models import Activity, Actor, Usage
from learning.xapi.actors import account_key
from learning.xapi.formats import written

from .databases import connect
from .payloads import (
    ACTIVITIES,
    CATEGORY,
    PLATFORM,
    Payload,
    account_of,
    activity_named,
    course_of,
    payloads,
)

CHUNK = 20_000
EVERY = timedelta(milliseconds=10)  # one was stored
_STATEMENTS = (
    "COPY learning_statement (id, stored, payload, actor_id, verb, activity_id, registration, timestamp, credential_id)"
    " FROM STDIN"
)
_LINKS = "COPY learning_statementactivity (target_id, stored, statement_id, usages) FROM STDIN"
_TABLES = ("learning_statement", "learning_statementactivity")
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'learning_statement' AND indexname NOT LIKE '%%pkey'
"""


def preload(count: int, *, people: int, credential: int, authority: str) -> datetime:
    """When the last of them was stored: an hour ago.

    Many rows come before their indexes, which is quicker. In the end the tables are as tidy as autovacuum leaves them.
    """
    _names(people)
    with connect() as connection, Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"Storing {count:,} statements", total=count)
        indexes = connection.execute(_INDEXES).fetchall() if count > 10 * CHUNK else []
        for name, _ in indexes:
            connection.execute(SQL("DROP INDEX {}").format(Identifier(str(name))))
        source, writer = payloads(count, people), _Writer(count, credential, authority)
        for _ in range(0, count, CHUNK):
            taken = list(islice(source, min(CHUNK, count - writer.done)))
            writer.write(connection, taken)
            progress.advance(task, len(taken))
        connection.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in indexes:
            connection.execute(str(definition))
        for table in _TABLES:
            connection.execute(SQL("VACUUM ANALYZE {}").format(Identifier(table)))
    return writer.end


def _names(people: int) -> None:
    """Everybody and everything that the statements name."""
    identifiers = [account_key(PLATFORM, account_of(number)) for number in range(people)]
    Actor.objects.bulk_create(
        [Actor(id=key_of(identifier), identifier=identifier) for identifier in identifiers],
        ignore_conflicts=True,
        batch_size=CHUNK,
    )
    iris = {CATEGORY} | {name(n) for n in range(ACTIVITIES) for name in (course_of, activity_named)}
    Activity.objects.bulk_create(
        [Activity(id=key_of(iri), iri=iri) for iri in sorted(iris)], ignore_conflicts=True
    )


class _Writer:
    def __init__(self, count: int, credential: int, authority: str) -> None:
        self.done = 0
        self.credential = credential
        self.end = timezone.now() - timedelta(hours=1)
        self.start = self.end - EVERY * (count - 1)
        self.tail = (
            '"version":"1.0.0","stored":"%s","authority":{"objectType":"Agent","account":'
            f'{{"homePage":"https://lms.example.nhs.uk","name":"{authority}"}}}}}}'
        )

    def write(self, connection: "Connection[Any]", taken: list[Payload]) -> None:
        rows, links = [], []
        for payload in taken:
            stored = written(self.start + EVERY * self.done)
            self.done += 1
            body = f"{payload.body[:-1]},{self.tail % stored}"
            moment = f"{payload.timestamp:%Y-%m-%dT%H:%M:%SZ}"
            rows.append(
                f"{payload.id}\t{stored}\t{body}\t{payload.actor_id}\t{payload.verb}\t{key_of(payload.activity)}\t"
                f"{payload.registration}\t{moment}\t{self.credential}\n"
            )
            for name, usage in ((payload.course, Usage.GROUPING), (CATEGORY, Usage.CATEGORY)):
                links.append(f"{key_of(name)}\t{stored}\t{payload.id}\t{int(usage)}\n")
        for command, lines in ((_STATEMENTS, rows), (_LINKS, links)):
            with connection.cursor() as cursor, cursor.copy(command) as copy:
                copy.write("".join(lines))
