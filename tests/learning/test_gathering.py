"""Statements that come one by one at the same instant share a transaction; each is answered for itself."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.actions import end_secret, gathering, revoke_credential
from learning.models import Activity, Credential, Secret, Statement

from .conftest import STATEMENTS, Door, statement

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def another_connection() -> Iterator["psycopg.Connection[Any]"]:
    parameters = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name in ("dbname", "user", "password", "host", "port")
    }
    with psycopg.connect(**parameters, autocommit=True) as raw:
        yield raw


def send(door: Door, body: dict[str, Any]) -> tuple[int, Any]:
    try:
        client = Client(raise_request_exception=False)
        answer = client.post(
            STATEMENTS, json.dumps(body), content_type="application/json", headers=door.headers
        )
        return answer.status_code, answer.json()
    finally:
        connection.close()


def waiting_for_a_lock(raw: "psycopg.Connection[Any]") -> list[int]:
    found = raw.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return [pid for (pid,) in found.fetchall()]


@contextmanager
def held_up(pool: ThreadPoolExecutor, door: Door, *, coming: int) -> Iterator[None]:
    """While one request waits for the database, those that are sent inside wait for it together."""
    with another_connection() as raw, another_connection() as looking:
        raw.execute("BEGIN; LOCK TABLE learning_statement IN EXCLUSIVE MODE")
        first = pool.submit(send, door, statement())
        deadline = time.monotonic() + 60
        while not waiting_for_a_lock(looking) and time.monotonic() < deadline:
            time.sleep(0.01)
        yield
        while len(gathering._queue) < coming and time.monotonic() < deadline:
            time.sleep(0.01)
        raw.execute("ROLLBACK")
        assert first.result()[0] == 200


def statuses(answers: list["Future[tuple[int, Any]]"]) -> Counter[int]:
    return Counter(answer.result()[0] for answer in answers)


def transactions() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM learning_statement")
        return Counter(xmin for (xmin,) in cursor.fetchall())


def test_those_who_come_while_one_is_stored_share_a_transaction(lms: Door) -> None:
    assert [send(lms, statement())[0] for _ in range(2)] == [200] * 2  # from now on the credential is known
    with ThreadPoolExecutor(7) as pool:
        with held_up(pool, lms, coming=6):
            answers = [pool.submit(send, lms, statement()) for _ in range(6)]
        found = [answer.result() for answer in answers]
    assert {status for status, _ in found} == {200}
    assert Statement.objects.filter(pk__in=[ids[0] for _, ids in found]).count() == 6
    assert sorted(transactions().values()) == [1, 1, 1, 6]


def test_one_that_is_refused_takes_nobody_with_it(lms: Door) -> None:
    taken = statement(id=str(uuid.uuid4()))
    assert send(lms, taken)[0] == 200
    with ThreadPoolExecutor(6) as pool:
        with held_up(pool, lms, coming=4):
            other = taken | {"verb": {"id": "https://example.org/another"}}
            answers = [
                pool.submit(send, lms, body) for body in (statement(), other, statement(), statement())
            ]
        assert statuses(answers) == {200: 3, 409: 1}
    assert Statement.objects.count() == 5


def test_the_same_statement_twice_at_once_is_kept_once(lms: Door) -> None:
    same = statement(id=str(uuid.uuid4()))
    with ThreadPoolExecutor(6) as pool:
        with held_up(pool, lms, coming=4):
            answers = [pool.submit(send, lms, same) for _ in range(4)]
        assert statuses(answers) == {200: 4}
    assert Statement.objects.filter(pk=same["id"]).count() == 1


def test_each_is_kept_under_the_credential_that_sent_it(door: Callable[..., Door]) -> None:
    doors = [door("statements/write"), door("all")]
    with ThreadPoolExecutor(8) as pool:
        with held_up(pool, doors[0], coming=6):
            answers = [(one, pool.submit(send, one, statement())) for one in doors * 3]
        for one, answer in answers:
            kept = Statement.objects.get(pk=answer.result()[1][0])
            assert kept.credential == one.credential
            assert kept.content["authority"]["account"]["name"] == one.credential.key


def test_a_token_that_holds_less_shares_with_nobody_who_holds_more(lms: Door) -> None:
    def by_token(scope: str) -> Door:
        asked = {"grant_type": "client_credentials", "scope": scope}
        token = lms.client.post("/xapi/oauth/token", asked, headers=lms.headers).json()["access_token"]
        door = Door(lms.credential, "")
        door.headers = lms.headers | {"Authorization": f"Bearer {token}"}
        return door

    everything, narrow = by_token("all"), by_token("statements/write")
    named = {"en-GB": "Named by a token"}

    def defining(number: int) -> dict[str, Any]:
        return statement(object={"id": f"https://lms.example/{number}", "definition": {"name": named}})

    with ThreadPoolExecutor(8) as pool:
        with held_up(pool, lms, coming=6):
            wide = [pool.submit(send, everything, defining(number)) for number in range(3)]
            less = [pool.submit(send, narrow, defining(number)) for number in range(3, 6)]
        assert statuses(wide + less) == {200: 6}
    known = Activity.objects.filter(definition__has_key="name").values_list("iri", flat=True)
    assert set(known) == {f"https://lms.example/{number}" for number in range(3)}


def test_when_the_database_goes_away_nobody_is_told_that_it_was_stored(lms: Door) -> None:
    with ThreadPoolExecutor(6) as pool:
        with held_up(pool, lms, coming=4):
            answers = [pool.submit(send, lms, statement()) for _ in range(4)]
        assert statuses(answers) == {200: 4}
        with another_connection() as raw, another_connection() as killer:
            raw.execute("BEGIN; LOCK TABLE learning_statement IN EXCLUSIVE MODE")
            answers = [pool.submit(send, lms, statement()) for _ in range(4)]
            deadline = time.monotonic() + 20
            while not all(answer.done() for answer in answers) and time.monotonic() < deadline:
                for pid in waiting_for_a_lock(killer):
                    killer.execute("SELECT pg_terminate_backend(%s)", [pid])
                time.sleep(0.05)
            assert statuses(answers) == {503: 4}
    assert Statement.objects.count() == 5


def test_a_credential_that_was_seen_a_moment_ago_is_asked_for_again_with_each_statement(lms: Door) -> None:
    assert [send(lms, statement())[0] for _ in range(3)] == [200] * 3
    revoke_credential(credential=lms.credential, by=None)
    assert send(lms, statement())[0] == 401
    assert send(lms, {"not": "a statement"})[0] == 401
    assert Statement.objects.count() == 3


def test_an_ended_secret_stores_nothing_more(lms: Door) -> None:
    assert [send(lms, statement())[0] for _ in range(3)] == [200] * 3
    end_secret(secret=Secret.objects.get(credential=lms.credential), by=None)
    assert send(lms, statement())[0] == 401


def test_whoever_reads_is_asked_for_again_with_each_page(lms: Door) -> None:
    assert [send(lms, statement())[0] for _ in range(3)] == [200] * 3
    assert [lms.get().status_code for _ in range(2)] == [200] * 2
    with CaptureQueriesContext(connection) as queries:
        assert len(lms.get(limit="2").json()["statements"]) == 2
    assert len(queries) == 2  # how far the record is whole; and the page, which confirms the credential
    Credential.objects.update(scopes=["statements/write"])
    assert lms.get().status_code == 403
    Credential.objects.update(scopes=["statements/read"])
    assert lms.get().status_code == 200
    revoke_credential(credential=lms.credential, by=None)
    assert lms.get().status_code == 401


def test_a_narrowed_scope_holds_at_once(lms: Door) -> None:
    assert [send(lms, statement())[0] for _ in range(3)] == [200] * 3
    Credential.objects.update(scopes=["statements/read"])
    assert send(lms, statement())[0] == 403
    Credential.objects.update(scopes=["statements/write"])
    assert send(lms, statement())[0] == 200


def test_a_list_of_nothing_is_no_way_around_the_question(lms: Door) -> None:
    assert [send(lms, statement())[0] for _ in range(3)] == [200] * 3
    client = Client()
    for expected in (200, 401):
        answer = client.post(STATEMENTS, "[]", content_type="application/json", headers=lms.headers)
        assert answer.status_code == expected
        revoke_credential(credential=lms.credential, by=None)


def test_a_secret_key_that_is_gone_takes_its_secrets_along(lms: Door, settings: Any) -> None:
    assert [send(lms, statement())[0] for _ in range(3)] == [200] * 3
    settings.SECRET_KEY = "another one, long enough to be a key"
    assert send(lms, statement())[0] == 401
