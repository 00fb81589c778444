"""Settings as the environment gives them. What cannot be meant is refused in a sentence, never guessed."""

import logging
import os
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

SWITCHES = {
    **dict.fromkeys(("1", "on", "true", "y", "yes"), True),
    **dict.fromkeys(("0", "off", "false", "n", "no"), False),
}
DATABASES = "a PostgreSQL server and a database on it, such as postgresql://user:password@host:5432/name"


def text(name: str, default: str = "") -> str:
    """A variable as it stands (a secret may begin with “$”); an empty one is as good as none."""
    return os.environ.get(name, "").strip() or default


def words(name: str, default: list[str]) -> list[str]:
    found = [word.strip() for word in text(name).split(",") if word.strip()]
    return found or default


def switch(name: str, default: bool = False) -> bool:
    word = text(name, "1" if default else "0")
    if word.lower() not in SWITCHES:
        raise ImproperlyConfigured(f"{name} must be 1 (on) or 0 (off); it is {word!r}.")
    return SWITCHES[word.lower()]


def number(name: str, default: int) -> int:
    word = text(name, str(default))
    if not word.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {word!r}.")
    return int(word)


def log_level(name: str, default: str) -> str:
    level, known = text(name, default).upper(), logging.getLevelNamesMapping()
    if level not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}; it is {level!r}.")
    return level


def iri_base(name: str, default: str) -> str:
    """What every identifier begins with; identifiers are for good, so a slip here would be as well."""
    base = text(name, default)
    if not (base.startswith(("https://", "http://")) and base.endswith("/")):
        raise ImproperlyConfigured(f"{name} must begin with https:// and end with /; it is {base!r}.")
    return base


def cache(name: str, default: str) -> dict[str, Any]:
    return _by_url(name, default, Env.cache_url_config, "a cache, such as rediscache://host:6379/1")


def email(name: str, default: str) -> dict[str, Any]:
    return _by_url(
        name, default, Env.email_url_config, "a mail server, such as smtp+tls://user:password@host:587"
    )


def broker(name: str, default: str) -> str:
    address = text(name, default)
    if not address.startswith(("amqp://", "amqps://", "filesystem://", "redis://", "rediss://")):
        raise ImproperlyConfigured(
            f"{name} must name Redis or RabbitMQ: redis://host:6379/0 or amqp://user:password@host//."
        )
    return address


def database(name: str, otherwise: dict[str, Any]) -> dict[str, Any]:
    """The PostgreSQL that a variable names, or `otherwise` if it names none."""
    if not text(name):
        return otherwise
    found = _by_url(name, "", _postgresql, DATABASES)
    if not found["NAME"]:
        raise ImproperlyConfigured(f"{name} must name {DATABASES}.")
    return found


def _postgresql(url: str) -> dict[str, Any]:
    if not url.startswith(("postgres://", "postgresql://")):
        raise ValueError("another kind of database")
    return dict(Env.db_url_config(url))


def _by_url(name: str, default: str, read: Callable[[str], dict[str, Any]], what: str) -> dict[str, Any]:
    try:
        return read(text(name, default))
    except (ImproperlyConfigured, KeyError, ValueError) as error:
        # The address is not repeated, because it may hold a password.
        raise ImproperlyConfigured(f"{name} must name {what}.") from error
