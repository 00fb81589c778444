"""Communication 1: HEAD, requests by form, encoding."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from learning.models import Document
from tests.learning.conftest import STATEMENTS, Door, statement

from .resources import COURSE, DOCUMENTS, LEARNER, REGISTRATION, STATE, Record, place

pytestmark = pytest.mark.django_db


def by_form(door: Door, method: str, form: dict[str, object], address: str = STATEMENTS) -> Any:
    """A request by a browser that can set no header and name no method but these."""
    whole = {**door.headers, **form}
    body = urlencode(
        {name: json.dumps(value) if isinstance(value, dict) else value for name, value in whole.items()}
    )
    return door.client.post(f"{address}?method={method}", body, content_type="text/plain")


# 1.1


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        (STATEMENTS, {}),
        ("/xapi/about", {}),
        ("/xapi/activities", {"activityId": COURSE}),
        ("/xapi/agents", {"agent": LEARNER}),
        *((resource, place(resource)) for resource in DOCUMENTS),
        *((resource, place(resource, None)) for resource in DOCUMENTS),
    ],
)
def test_head_is_answered_like_get_but_for_the_body(
    record: Record, address: str, parameters: dict[str, object]
) -> None:
    for resource in DOCUMENTS:
        record.keep(resource, {"page": 3})
    get, head = (record.ask(method, address, parameters) for method in ("GET", "HEAD"))
    assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
    assert head["Content-Length"] == str(len(get.content))
    changing = {"X-Experience-API-Consistent-Through"}
    assert {*head.items()} ^ {*get.items()} <= {(name, head.get(name)) for name in changing} | {
        (name, get.get(name)) for name in changing
    }


# 1.3


def test_a_statement_is_put_by_a_form(lms: Door) -> None:
    answer = by_form(lms, "PUT", {"statementId": REGISTRATION, "content": statement()})
    assert answer.status_code == 204
    assert lms.get(statementId=REGISTRATION).json()["id"] == REGISTRATION


def test_everything_else_is_asked_by_a_form_too(lms: Door) -> None:
    around = place(STATE, registration=REGISTRATION)
    assert by_form(lms, "PUT", {**around, "content": '{"page": 1}'}, STATE).status_code == 204
    assert by_form(lms, "POST", {**around, "content": '{"name": "Siân"}'}, STATE).status_code == 204
    read = by_form(lms, "GET", around, STATE)
    assert read.json() == {"page": 1, "name": "Siân"}
    stale = by_form(lms, "DELETE", {**around, "If-Match": '"stale"'}, STATE)
    assert stale.status_code == 412
    assert by_form(lms, "DELETE", around, STATE).status_code == 204
    assert not Document.objects.exists()


def test_a_form_says_of_what_type_its_content_is(lms: Door) -> None:
    around = place(STATE)
    by_form(lms, "PUT", {**around, "content": "½ done", "Content-Type": "text/plain; charset=utf-8"}, STATE)
    answer = by_form(lms, "GET", around, STATE)
    assert (answer.content.decode(), answer["Content-Type"]) == (
        "½ done",
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(
    ("method", "form", "path"),
    [
        ("PUT", {"statementId": REGISTRATION}, "content"),
        ("GET", {"content": "{}"}, "content"),
        ("HEAD", {}, "method"),
        ("put", {}, "method"),
        ("GET", {"colour": "blue"}, "colour"),
        ("GET", {"X-Experience-API-Version": "0.8"}, "X-Experience-API-Version"),
        ("GET", {"X-Experience-API-Version": "2.0.0"}, "method"),
        ("GET&limit=1", {}, "limit"),
        ("GET&method=GET", {}, "method"),
    ],
)
def test_a_form_that_is_out_of_order_is_refused(
    lms: Door, method: str, form: dict[str, object], path: str
) -> None:
    answer = by_form(lms, method, form)
    assert (answer.status_code, answer.json()["path"]) == (400, path)


def test_a_form_without_a_credential_opens_nothing(client: Client, lms: Door) -> None:
    lms.headers["Authorization"] = "Basic eDp5"
    assert by_form(lms, "GET", {}).status_code == 401


@pytest.mark.parametrize("content", [b'{"statementId": "7"}', b"content=\xff", b"content=%ff", b"&" * 300])
def test_what_is_no_form_is_refused(lms: Door, content: bytes) -> None:
    answer = lms.client.post(
        f"{STATEMENTS}?method=PUT",
        content,
        content_type="application/x-www-form-urlencoded",
        headers=lms.headers,
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(("method", "named"), [("POST", "GET"), ("PUT", "POST"), ("GET", "PUT")])
def test_a_method_is_named_only_where_it_is_posted_and_never_in_2_0(
    lms: Door, method: str, named: str
) -> None:
    for version in ("1.0.3", "2.0.0") if method != "POST" else ("2.0.0",):
        answer = lms.client.generic(
            method,
            f"{STATEMENTS}?method={named}",
            headers=lms.headers | {"X-Experience-API-Version": version},
        )
        assert (answer.status_code, answer.json()["path"]) == (400, "method")


# 1.4


def test_parameters_are_read_as_utf_8(record: Record) -> None:
    record.keep(STATE, {}, name="Siân’s page ☂")
    assert record.read(STATE, None) == ["Siân’s page ☂"]
    for parameters in ("activityId=%ff", "%c3%28=1", "a=%ed%a0%80"):
        assert record.ask("GET", f"{STATE}?{parameters}").status_code == 400


def test_no_request_has_hundreds_of_parameters(record: Record) -> None:
    answer = record.ask("GET", f"{STATE}?{'a=1&' * 300}")
    assert (answer.status_code, "200 parameters" in answer.json()["error"]) == (400, True)
