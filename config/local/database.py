"""The database as a whole: made when missing, marked when set up, copied to reset a demonstration."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg.sql import SQL, Identifier, Literal

from .cluster import Cluster
from .places import ROOT, socket_folder

OLDEST = 15
APPS = ("config", "workforce", "learning", "competencies", "curriculum", "fellowships")


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


def is_embedded() -> bool:
    return bool(settings.DATABASES["default"]["HOST"] == str(socket_folder()))


def held() -> AbstractContextManager[Cluster | None]:
    """The embedded PostgreSQL while in use, or nothing to hold where DATABASE_URL names a server."""
    return Cluster() if is_embedded() else nullcontext()


def name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def copy_name() -> str:
    return f"{name()}_demonstration"


def ensure_exists() -> None:
    """Make the database unless it is there."""
    try:
        with _connect(name()) as connection:
            _check_version(connection)
    except psycopg.OperationalError as error:
        _make_missing(error)


def _make_missing(error: psycopg.OperationalError) -> None:
    """Make the database if that is why it did not answer. The server's words for it may be in any language."""
    try:
        with _connect("postgres") as connection:
            _check_version(connection)
            if not _is_there(connection, name()):
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name())))
                return
    except psycopg.errors.InsufficientPrivilege as refusal:
        raise DatabaseError(
            f"There is no database “{name()}”, and this account may not make it. Make it on the server."
        ) from refusal
    except psycopg.OperationalError:
        pass  # then the first error says why
    remedy = "" if is_embedded() else "\nCheck DATABASE_URL, and that the server runs."
    raise DatabaseError(f"The database does not answer: {error}{remedy}") from error


def _check_version(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise DatabaseError(f"PostgreSQL {version} is too old; {OLDEST} or newer is needed.")


def _is_there(connection: psycopg.Connection, database: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())


def mark() -> str:
    """The fingerprint of the code and content that this database was last set up with, or ''."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with _connect(name()) as connection:
        row = connection.execute(query, [name()]).fetchone()
    return (row and row[0]) or ""


def set_mark(text: str) -> None:
    _comment(name(), text)


def keep_copy() -> bool:
    """Copy the database aside as what `restore_copy` brings back; False where the server does not let us."""
    try:
        with _connect("postgres") as connection:
            _replace(connection, old=copy_name(), template=name())
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
        return False
    _comment(copy_name(), mark())
    return True


def forget_copy() -> None:
    """So that no demonstration can ever be put in the place of a real service."""
    with _connect("postgres") as connection, suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(copy_name())))


def restore_copy() -> None:
    """Put the kept copy in the database's place. Open connections to the database are closed."""
    with _connect("postgres") as connection:
        if not _is_there(connection, copy_name()):
            raise DatabaseError("There is no demonstration to go back to. Start one with ./dev run.")
        _replace(connection, old=name(), template=copy_name())
        text = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [copy_name()]
        ).fetchone()
    _comment(name(), (text and text[0]) or "")


def fingerprint() -> str:
    """Changes whenever anything changes that setting up reads: code, content, front-end files or packages."""
    digest = hashlib.sha256(str(settings.DEMONSTRATION).encode())
    for path in _read_by_set_up():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _read_by_set_up() -> Iterator[Path]:
    folders = [ROOT / app for app in APPS] + [ROOT / "assets" / "built"]
    for folder in folders:
        yield from sorted(
            path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
    yield from [path for path in [ROOT / "requirements.lock"] if path.exists()]


def _replace(connection: psycopg.Connection, *, old: str, template: str) -> None:
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(old)))
    copy = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    connection.execute(copy.format(Identifier(old), Identifier(template)))


def _comment(database: str, text: str) -> None:
    with _connect(database) as connection:
        connection.execute(SQL("COMMENT ON DATABASE {} IS {}").format(Identifier(database), Literal(text)))


def _connect(database: str) -> psycopg.Connection:
    at = settings.DATABASES["default"]
    given = {"host": at["HOST"], "port": at.get("PORT"), "user": at["USER"], "password": at.get("PASSWORD")}
    known = {key: value for key, value in given.items() if value}
    return psycopg.connect(
        dbname=database, autocommit=True, connect_timeout=10, **known, **at.get("OPTIONS", {})
    )
