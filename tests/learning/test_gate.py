"""What every resource does with a request before it looks at it, and when things go wrong."""

import json
import logging
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.views import bodies, gate
from tests.conformance.resources import DOCUMENTS, LEARNER, STATE, Record, place

from .conftest import STATEMENTS, Door, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(lms: Door) -> Record:
    return Record(lms)


# Browsers on other hosts


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        (STATEMENTS, "GET, HEAD, POST, PUT, OPTIONS"),
        (STATE, "GET, HEAD, PUT, POST, DELETE, OPTIONS"),
        ("/xapi/about", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_browser_asks_beforehand_and_needs_no_credential_for_it(
    client: Client, address: str, methods: str
) -> None:
    answer = client.options(
        address,
        headers={
            "Origin": "https://content.example",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization,x-experience-api-version",
        },
    )
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert answer["Access-Control-Allow-Methods"] == answer["Allow"] == methods
    allowed = answer["Access-Control-Allow-Headers"].lower()
    for name in ("authorization", "content-type", "x-experience-api-version", "if-match", "if-none-match"):
        assert name in allowed.split(", ")
    # With credentials allowed, a browser would send the cookies of whoever is signed in here.
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_page_of_another_host_reads_every_answer_and_its_headers(record: Record) -> None:
    for answer in (record.ask("GET", STATEMENTS), record.ask("GET", STATE), record.ask("PATCH", STATE)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        exposed = answer["Access-Control-Expose-Headers"]
        for name in (
            "ETag",
            "Last-Modified",
            "X-Experience-API-Consistent-Through",
            "X-Experience-API-Version",
        ):
            assert name in exposed.split(", ")


def test_being_signed_in_opens_nothing_here(client: Client, person: Any) -> None:
    user = person("Asha")
    user.is_superuser = user.is_staff = True
    user.save()
    client.force_login(user)
    for address in (STATEMENTS, STATE):
        assert client.get(address, headers={"X-Experience-API-Version": "1.0.3"}).status_code == 401


# Bodies


def test_a_body_up_to_the_limit_is_taken_and_a_larger_one_refused_in_words(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "LARGEST_BODY", 100)
    for size, status in ((100, 204), (101, 413)):
        answer = record.ask("PUT", STATE, place(STATE, str(size)), b"x" * size, "text/plain")
        assert answer.status_code == status
    assert answer.json()["error"] == "Send no more than 100 bytes in one request."
    form = record.ask("POST", f"{STATE}?method=PUT", None, b"x" * 101, "application/x-www-form-urlencoded")
    assert form.status_code == 413


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({"CONTENT_LENGTH": "9" * 5000}, 413),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "²"}, 400),
        ({"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}, 400),
        ({"HTTP_CONTENT_ENCODING": "gzip"}, 400),
    ],
)
def test_a_body_that_cannot_be_read_whole_is_refused(
    record: Record, meta: dict[str, str], status: int
) -> None:
    answer = raw(record, "PUT", b"{}", **meta)
    assert (answer.status_code, set(answer.json())) == (status, {"error", "path"})


def test_parts_in_chunks_are_refused_for_that_and_for_nothing_else(lms: Door) -> None:
    meta: dict[str, Any] = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    content_type = "multipart/mixed; boundary=b"
    answer = lms.client.generic(
        "POST", STATEMENTS, b"--b", content_type=content_type, headers=lms.headers, **meta
    )
    assert (answer.status_code, answer.json()["path"]) == (400, "Content-Length")


def test_a_body_that_breaks_off_leaves_nothing(record: Record) -> None:
    """The body of a client that went away in the middle is shorter than it said."""
    answer = raw(record, "PUT", b"{}", **{"wsgi.input": BytesIO(b"{")})
    assert (answer.status_code, answer.json()["path"]) == (400, "Content-Length")
    assert record.ask("GET", STATE, place(STATE)).status_code == 404


def raw(record: Record, method: str, body: bytes, **meta: Any) -> Any:
    """To the place of a state, with what a server says of the request."""
    where = place(STATE) | {"agent": json.dumps(LEARNER)}
    address = f"{STATE}?{urlencode(where)}"
    return record.door.client.generic(
        method, address, body, content_type="text/plain", headers=record.door.headers, **meta
    )


def test_who_is_refused_may_finish_speaking_first(lms: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many clients look for an answer only when all is sent; if nobody listened, they would wait for ever."""
    heard = []
    body = b"x" * 200_000
    monkeypatch.setattr(bodies, "MOST_HEARD_OUT", 150_000)
    read = gate.HttpRequest.read

    def listening(self: Any, *sizes: int) -> bytes:
        heard.append(read(self, *sizes))
        return bytes(heard[-1])

    monkeypatch.setattr(gate.HttpRequest, "read", listening)
    answer = lms.client.post(STATEMENTS, body, content_type="image/png", headers=lms.headers)
    assert (answer.status_code, sum(map(len, heard))) == (400, 150_000)


# The database is away


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("broken", ["credential_of", "consistent_through", "statement_page"])
def test_where_the_database_is_away_the_client_is_told_when_to_come_again(
    lms: Door,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
    broken: str,
) -> None:
    def fail(*_: object) -> None:
        raise error("the connection is closed")

    asks = gate if broken == "credential_of" else import_module("learning.views.statements")
    monkeypatch.setattr(asks, broken, fail)
    with caplog.at_level(logging.ERROR, "learning"):
        answer = lms.get()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Send the same request again" in answer.json()["error"]
    assert answer["X-Experience-API-Version"] == "1.0.3"
    assert "the connection is closed" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_after_the_database_broke_off_the_next_request_finds_it_again(lms: Door) -> None:
    assert lms.post(statement()).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])
    other.close()
    assert lms.post(statement()).status_code == 503
    close_old_connections()  # as after every request, but for those of a test
    assert lms.post(statement()).status_code == 200


# What it costs


def test_the_gate_asks_the_database_for_the_credential_alone(record: Record) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert record.ask("PATCH", STATEMENTS).status_code == 405
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert record.ask("GET", "/xapi/about").status_code == 200
        assert record.ask("OPTIONS", STATEMENTS).status_code == 204
    assert len(queries) == 0


@pytest.mark.parametrize("kept", [1, 3])
def test_documents_cost_the_same_queries_however_many_there_are(record: Record, kept: int) -> None:
    for number in range(kept):
        record.keep(STATE, {"page": number}, name=str(number))
    costs = {}
    for what, method, name in (
        ("read", "GET", "0"),
        ("names", "GET", None),
        ("put anew", "PUT", "new"),
        ("put over", "PUT", "0"),
        ("merge", "POST", "0"),
        ("delete", "DELETE", "0"),
        ("delete all", "DELETE", None),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert record.ask(method, STATE, place(STATE, name), {"page": 9}).status_code in (200, 204)
        costs[what] = sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries)
    # Each: the credential first; what is written is locked first.
    assert costs == {
        "read": 2,
        "names": 2,
        "put anew": 3,
        "put over": 3,
        "merge": 3,
        "delete": 3,
        "delete all": 3,
    }


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        ("/xapi/activities", {"activityId": "a:b"}),
        ("/xapi/agents", {"agent": {"mbox": "mailto:a@b.example"}}),
    ],
)
def test_activities_and_agents_cost_one_look_at_most(
    record: Record, address: str, parameters: dict[str, Any]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert record.ask("GET", address, parameters).status_code == 200
    assert len(queries) == (2 if address.endswith("activities") else 1)


# Whatever is asked

_NAMES = st.sampled_from(
    [
        "activityId",
        "agent",
        "registration",
        "stateId",
        "profileId",
        "since",
        "method",
        "content",
        "If-Match",
        "",
    ]
)
_VALUES = st.text(max_size=20) | st.sampled_from(
    [
        "a:b",
        '{"mbox":"mailto:a@b.example"}',
        '{"mbox":"mailto:\\ud800@b.example"}',
        '{"account":{"homePage":"a:b","name":"\\u0000"}}',
        '{"name":"\\ud800","mbox":"mailto:a@b.example"}',
        "[" * 5000,
        "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f",
        "2026-03-01T12:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "PUT",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"]),
    address=st.sampled_from([*DOCUMENTS, "/xapi/activities", "/xapi/agents", "/xapi/about", STATEMENTS]),
    parameters=st.lists(st.tuples(_NAMES, _VALUES), max_size=6).map(dict),
    content=st.binary(max_size=30) | st.sampled_from([b"{}", b"[]", b'{"a":1}', b"content=1&stateId=x"]),
    content_type=st.sampled_from(
        ["application/json", "text/plain", "x", "", "a/b;\x00", "application/x-www-form-urlencoded"]
    ),
    version=st.sampled_from(["1.0.3", "2.0.0", "\xb2"]),
    tags=st.text(st.characters(min_codepoint=32, max_codepoint=255, blacklist_characters="\x7f"), max_size=8),
)
def test_whatever_is_asked_is_answered_in_words(
    record: Record,
    method: str,
    address: str,
    parameters: dict[str, str],
    content: bytes,
    content_type: str,
    version: str,
    tags: str,
) -> None:
    record.version = version
    answer = record.ask(
        method, address, parameters, content, content_type, If_Match=tags, If_None_Match=tags[::-1]
    )
    assert answer.status_code in (200, 204, 304, 400, 404, 405, 409, 412)
    assert answer["X-Experience-API-Version"]
    if answer.status_code >= 400 and method != "HEAD":
        assert answer.json()["error"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.binary(max_size=40),
    authorization=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
)
def test_any_bytes_as_a_query_or_a_credential_are_answered_in_words(
    record: Record, query: bytes, authorization: str
) -> None:
    headers = record.door.headers | {"Authorization": f"Basic {authorization}"}
    known = record.door.client.get(STATE, headers=record.door.headers, QUERY_STRING=query.decode("latin-1"))
    unknown = record.door.client.get(STATE, headers=headers)
    assert (known.status_code, unknown.status_code) == (400, 401)
