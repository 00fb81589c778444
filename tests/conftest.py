"""What every test may lean on: four people, a browser, Redis, and rows that outlive a flush."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import redis
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from workforce.models import Grant, Membership, Organisation, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

IN_CI = os.environ.get("CI", "").lower() in ("true", "1")
LONG_AGO = date(2015, 1, 5)
TIERS = ("board", "managers", "frontline", "experts", "patients")

# Quiet: each of these would otherwise look for hosts outside this machine, many times a test.
CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


def pytest_configure(config: pytest.Config) -> None:
    """Playwright runs a loop of its own in this thread, in which Django would refuse to ask its database."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_itemcollected(item: pytest.Item) -> None:
    if "page" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that empty the database come last: pytest puts browser tests together, wherever the first one was."""
    items.sort(key=_flushes)


def _flushes(item: pytest.Item) -> bool:
    """Whether Django empties every table after this test."""
    marker = item.get_closest_marker("django_db")
    transactional = bool({"live_server", "transactional_db"} & {*getattr(item, "fixturenames", ())})
    return transactional or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def put_rows_back(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], None]]:
    """Make the database as migrations left it, with Wagtail's first site and so on; also when the run ends."""
    with django_db_blocker.unblock():
        rows = _rows()

    def put_rows_back() -> None:
        with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(map(Identifier, rows))))
            for table, content in rows.items():
                with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                    copy.write(content)
        ContentType.objects.clear_cache()

    yield put_rows_back
    put_rows_back()


def _rows() -> dict[str, bytes]:
    """Every table that holds something, in the words of COPY."""
    tables = {*connection.introspection.django_table_names(only_existing=True)} - {"django_migrations"}
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
                rows[table] = b"".join(copy)
    return {table: content for table, content in rows.items() if content}


@pytest.fixture(autouse=True)
def _rows_after_a_flush(request: pytest.FixtureRequest) -> None:
    """Django empties every table after a test with a live server, so the next such test needs its rows back."""
    if _flushes(request.node):
        put_rows_back = request.getfixturevalue("put_rows_back")
        request.getfixturevalue("transactional_db")
        put_rows_back()


@pytest.fixture(autouse=True)
def _nobody_is_drawn_to_read_again(settings: Settings) -> None:
    """Who is drawn hangs on the secret key, which each machine makes for itself: a test that is about it says so."""
    settings.SECOND_READER_SHARE = 0


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def missing(what: str) -> None:
    """A service that is not there is a visible skip on a newcomer's machine and a failure in CI."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and CI must have it.")
    pytest.skip(f"{what} is not on this machine.")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis that answers; its last database is ours to use."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        redis.Redis.from_url(url, socket_connect_timeout=2).ping()
    except redis.RedisError:
        missing("Redis")
    return url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium: Playwright's download is not needed."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        missing("Chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": CHROMIUM_OPTIONS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture
def tiers(db: None) -> dict[str, Tier]:
    """The five tiers, by key."""
    return {
        key: Tier.objects.get_or_create(key=key, defaults={"label": key.capitalize(), "order": order})[0]
        for order, key in enumerate(TIERS, start=1)
    }


@pytest.fixture
def organisation(db: None) -> Organisation:
    """A trust that uses the service. Its tree: division D1, with wards W1 and W2 under it."""
    trust = _organisation("ZZ8", "Invented Trust")
    division = _team(trust, "D1", None)
    _team(trust, "W1", division)
    _team(trust, "W2", division)
    return trust


@pytest.fixture
def team(organisation: Organisation) -> Team:
    """The ward where learner, colleague and lead work."""
    return organisation.teams.get(code="W1")


@pytest.fixture
def learner(team: Team, tiers: dict[str, Tier]) -> User:
    return _person("Lena Learner", team, tiers["frontline"])


@pytest.fixture
def colleague(team: Team, tiers: dict[str, Tier]) -> User:
    return _person("Colm Colleague", team, tiers["frontline"])


@pytest.fixture
def lead(team: Team, tiers: dict[str, Tier]) -> User:
    """Manages and leads the learner's team."""
    lead = _person("Leda Lead", team, tiers["managers"])
    Grant.objects.create(user=lead, role=Grant.Role.TEAM_LEAD, team=team, during=during(LONG_AGO))
    return lead


@pytest.fixture
def outsider(tiers: dict[str, Tier]) -> User:
    """Leads everything there is to lead in another trust, and nothing in ours."""
    elsewhere = _organisation("ZZ9", "Other Invented Trust")
    team = _team(elsewhere, "W1", None)
    outsider = _person("Otto Outsider", team, tiers["frontline"])
    for role, scope in (("team_lead", {"team": team}), ("capability_lead", {"organisation": elsewhere})):
        Grant.objects.create(user=outsider, role=role, during=during(LONG_AGO), **scope)
    return outsider


def _organisation(code: str, name: str) -> Organisation:
    return Organisation.objects.create(
        code=code, name=name, opened=LONG_AGO, joined=LONG_AGO, is_invented=True
    )


def _team(organisation: Organisation, code: str, parent: Team | None) -> Team:
    team = Team.objects.create(organisation=organisation, code=code, name=f"{code} of {organisation}")
    TeamPlace.objects.create(team=team, parent=parent, during=during(LONG_AGO))
    return team


def _person(name: str, team: Team, tier: Tier) -> User:
    """Somebody who signs in with first.last@code.example and the password `four-words-in-a-row`."""
    email = f"{name.replace(' ', '.')}@{team.organisation.code}.example".lower()
    user = User.objects.create_user(email, "four-words-in-a-row", name=name)
    membership = Membership.objects.create(
        user=user, organisation=team.organisation, staff_number=f"{User.objects.count():08}"
    )
    Post.objects.create(membership=membership, team=team, tier=tier, during=during(LONG_AGO))
    return user
