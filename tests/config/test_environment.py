"""Settings from the environment: an empty one is none, a slip is said in a sentence, a secret is never shown."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.local import database

BASE = "https://id.example/"
EMBEDDED = {"NAME": "embedded"}


@pytest.mark.parametrize(
    ("word", "meant"), [("1", True), ("yes", True), ("On", True), ("0", False), ("false", False), ("", False)]
)
def test_a_switch_is_on_or_off(word: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS", word)
    assert environment.switch("HTTPS") is meant


def test_a_secret_may_begin_with_a_dollar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "$HOME")
    assert environment.text("SECRET_KEY") == "$HOME"


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (lambda: environment.switch("X"), "enabled", "X must be 1 (on) or 0 (off); it is 'enabled'."),
        (lambda: environment.number("X", 1), "-3", "X must be a whole number; it is '-3'."),
        (lambda: environment.log_level("X", "WARNING"), "loud", "X must be one of CRITICAL"),
        (lambda: environment.iri_base("X", BASE), "https://id.example", "must begin with https:// and end"),
        (lambda: environment.broker("X", "filesystem://"), "kafka://a", "X must name Redis or RabbitMQ"),
        (lambda: environment.cache("X", "locmemcache://"), "nonsense", "X must name a cache"),
        (lambda: environment.email("X", "consolemail://"), "nonsense", "X must name a mail server"),
        (lambda: environment.database("X", EMBEDDED), "sqlite:///x.db", "X must name a PostgreSQL server"),
        (lambda: environment.database("X", EMBEDDED), "postgres://a@b/", "X must name a PostgreSQL server"),
        (
            lambda: environment.database("X", EMBEDDED),
            "postgres://a@b:c/d",
            "X must name a PostgreSQL server",
        ),
    ],
)
def test_a_slip_is_said_in_a_sentence(
    read: Callable[[], object], value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read()
    assert said in str(refused.value)


def test_an_address_that_is_refused_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgrez://user:hush@host/name")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database("DATABASE_URL", EMBEDDED)
    assert "hush" not in str(refused.value) + "".join(str(warning.message) for warning in recwarn)


def test_no_address_means_the_embedded_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert environment.database("DATABASE_URL", EMBEDDED) == EMBEDDED


@pytest.mark.django_db
def test_a_missing_database_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = f"{database.name()}_missing"
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", missing)
    with database._connect("postgres") as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{missing}"')
        database.ensure_exists()
        database.ensure_exists()
        assert database._is_there(connection, missing)
        connection.execute(f'DROP DATABASE "{missing}"')


@pytest.mark.django_db
def test_an_account_that_the_server_does_not_know_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "USER", "nobody_of_that_name")
    with pytest.raises(database.DatabaseError, match=r"does not answer.*nobody_of_that_name"):
        database.ensure_exists()
