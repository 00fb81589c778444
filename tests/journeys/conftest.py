from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from competencies.actions import import_framework
from competencies.management.commands.import_framework import OURS
from curriculum.actions import import_curriculum
from tests.databases import own_database
from workforce.models import User

from .trust import Trust, found_trust

_numbers = count(1)
SECONDS = 10  # how long a page may take on a busy machine
expect.set_options(timeout=SECONDS * 1000)


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker("browser")


@pytest.fixture(scope="package")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real framework and curriculum, loaded once. Each journey founds a trust of its own in it."""
    with django_db_blocker.unblock(), own_database("journeys"):
        import_framework(raw=OURS.read_bytes())
        import_curriculum()
        yield


@pytest.fixture
def db(house: None) -> None:
    """Here it is the house's own database, seen by the served site too; nothing is rolled back."""


@pytest.fixture(scope="package")
def site(house: None) -> Iterator[str]:
    """The address of the served site."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def trust(db: None) -> Trust:
    return found_trust(f"ZJ{next(_numbers)}")


@pytest.fixture
def visit(browser: Browser, site: str, db: None) -> Iterator[Callable[..., Page]]:
    """Opens a new window of the site, in which somebody is signed in, or nobody. Fails on any script error."""
    windows: list[Page] = []
    broken: list[str] = []

    def visit(user: User | None = None, **options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(SECONDS * 1000)
        if user:
            context.add_cookies([_signed_in(user, site)])
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
        windows.append(page)
        return page

    yield visit
    for page in windows:
        page.context.close()
    assert broken == []


def _signed_in(user: User, site: str) -> Any:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": site}
