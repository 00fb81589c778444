"""`./dev test` and `./dev check`."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

import psycopg

from .cluster import Cluster
from .database import OLDEST
from .parts import python
from .places import ROOT, VAR, checkout_key

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
# What a person may have set for serving must not change what tests see.
NOT_FOR_TESTS = (
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "HTTPS",
    "IRI_BASE",
    "MEDIA_ROOT",
    "NHS_LOGO",
    "PUBLIC_URL",
    "SERVICE_CONTACT",
    "SERVICE_LOGO",
    "SERVICE_NAME",
    "SESSION_MINUTES",
)

CHECKS = {
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "templates": ["-m", "djlint", "--lint", "--quiet", "templates"],
    "direction of imports": ["-c", "from importlinter import cli; cli.lint_imports_command()"],
}


def test(words: Sequence[str]) -> int:
    """The suite on the embedded PostgreSQL; with no words, on a PostgreSQL server as well where there is one."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "test.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Cluster():
            failed = _suite("embedded", {}, words)
        if failed or words:
            return failed
        server, why = _server()
        if server:
            return _suite("server", {"DATABASE_URL": server}, words)
    print(f"\nSKIPPED the second run, on a PostgreSQL server: {why}")
    return 1 if os.environ.get("CI", "").lower() in ("true", "1") else 0


def check() -> int:
    """Every check, each named; all are run, so that one look tells all there is to mend."""
    failed = [name for name, command in CHECKS.items() if not _passes(name, python(*command))]
    with Cluster():
        from . import database

        database.ensure_exists()
        manage = {
            "pending migrations": ["makemigrations", "--check", "--dry-run"],
            "set-up of Django": ["check"],
        }
        for name, words in manage.items():
            if not _passes(name, python("manage.py", *words)):
                failed.append(name)
    print("\nAll is well." if not failed else f"\nTo mend: {', '.join(failed)}.")
    return 1 if failed else 0


def fix() -> int:
    linted = subprocess.call(python("-m", "ruff", "check", "--fix", "."), cwd=ROOT)
    return subprocess.call(python("-m", "ruff", "format", "."), cwd=ROOT) or linted


def _suite(name: str, settings: Mapping[str, str], words: Sequence[str]) -> int:
    """One run of pytest. The test database is kept for the next run unless migrations changed or a run was cut."""
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(ROOT.glob("*/migrations/*.py"))))
    wanted.update((ROOT / "requirements-dev.lock").read_bytes())
    stamp = VAR / f"tested-{name}"
    fresh = [] if stamp.exists() and stamp.read_text() == wanted.hexdigest() else ["--create-db"]
    stamp.unlink(missing_ok=True)
    print(f"\nOn the {name} PostgreSQL:", flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in NOT_FOR_TESTS}
    environment |= {"DEMONSTRATION": "0", **settings}
    failed = subprocess.call(python("-m", "pytest", "--reuse-db", *fresh, *words), cwd=ROOT, env=environment)
    if failed in (0, 1, 5):  # passed, failed or found no test, but came to its end
        stamp.write_text(wanted.hexdigest())
    return failed


def _server() -> tuple[str | None, str]:
    """The address of a database of our own on a PostgreSQL server that takes us, or None and why not."""
    url = os.environ.get("TEST_DATABASE_URL", SERVER)
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            version = connection.info.server_version // 10_000
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError:
        return None, "none answers at TEST_DATABASE_URL, or on 127.0.0.1:5432 as postgres."
    if version < OLDEST:
        return None, f"it is version {version}, and {OLDEST} is the oldest we support."
    if not row or not row[0]:
        return None, "its account may not make databases."
    return urlunsplit(urlsplit(url)._replace(path=f"/promise_{checkout_key()}")), ""


def _passes(name: str, command: Sequence[str]) -> bool:
    print(f"\n{name}", flush=True)
    return subprocess.call(command, cwd=ROOT, stdout=sys.stdout) == 0
