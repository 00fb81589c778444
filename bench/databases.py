"""A database for one run: made, migrated, and dropped however the run ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg.sql import SQL, Composable, Identifier


@contextmanager
def own_database() -> Iterator[str]:
    """Django's own database for as long as this is open; its name."""
    before = connection.settings_dict["NAME"]
    name = f"bench_{uuid4().hex[:8]}"
    run(SQL("CREATE DATABASE {}").format(Identifier(name)))
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
        run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def connect() -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of psycopg's own to the current database, each statement committed at once."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    return psycopg.connect(**parameters, autocommit=True)


def run(command: Composable) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(command)
