import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections
from psycopg.sql import SQL, Composable, Identifier


@contextmanager
def own_database(purpose: str) -> Iterator[None]:
    """A copy of the empty test database, for tests that share what is costly to load; gone when they are done.

    While it is open, every thread of this process works on the copy.
    """
    shared = connection.settings_dict["NAME"]
    own = f"{shared}_{purpose}"
    _close_connections()  # nothing is copied while a connection to it is open
    _run(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(own)))
    _run(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(own), Identifier(shared)))
    connection.settings_dict["NAME"] = own
    try:
        yield
    finally:
        _close_connections()
        connection.settings_dict["NAME"] = shared
        _run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(own)))
        ContentType.objects.clear_cache()
        cache.clear()


def _close_connections() -> None:
    """Django keeps two for this thread: one for code inside Playwright's loop, and one for code outside it."""
    connections.close_all()
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    connections.close_all()
    asyncio._set_running_loop(loop)


def _run(command: Composable) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(command)
