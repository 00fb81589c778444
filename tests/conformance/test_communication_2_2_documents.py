"""Communication 2.2: what holds of documents wherever they are kept."""

from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.utils import timezone

from learning.models import Document

from .resources import DOCUMENTS, NAMES, STATE, Record, place, tag_of

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("resource", DOCUMENTS)]
NEW = {"If_None_Match": "*"}


def test_a_document_comes_back_byte_for_byte_with_its_type_tag_and_time(
    record: Record, resource: str
) -> None:
    content = bytes(range(256)) * 50
    put = record.ask("PUT", resource, place(resource), content, "image/png; x=1", **NEW)
    assert (put.status_code, put.content) == (204, b"")
    answer = record.ask("GET", resource, place(resource))
    assert (answer.content, answer["Content-Type"]) == (content, "image/png; x=1")
    assert answer["ETag"] == tag_of(content)
    age = timezone.now() - parsedate_to_datetime(answer["Last-Modified"])
    assert -1 < age.total_seconds() < 60


def test_a_document_whose_type_is_not_said_is_kept_as_bytes(record: Record, resource: str) -> None:
    record.keep(resource, b"abc", method="PUT", content_type="", **NEW)
    assert record.ask("GET", resource, place(resource))["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "media_type", ["text", "text/html\nX: y", "text/é", "/", f"text/{'x' * 500}", f"a/b{' ' * 900};x"]
)
def test_a_type_that_is_none_is_refused(record: Record, resource: str, media_type: str) -> None:
    answer = record.ask("PUT", resource, place(resource), b"abc", media_type, **NEW)
    assert (answer.status_code, answer.json()["path"]) == (400, "Content-Type")


def test_posting_merges_the_properties_at_the_top_and_no_deeper(record: Record, resource: str) -> None:
    record.keep(resource, {"page": 1, "seen": {"intro": True}, "score": 0.5})
    record.keep(resource, {"page": 2, "seen": {"end": True}, "note": None})
    assert record.read(resource) == {"page": 2, "seen": {"end": True}, "score": 0.5, "note": None}


def test_merging_leaves_numbers_as_they_were_written(record: Record, resource: str) -> None:
    record.keep(resource, b'{"a": 1.50, "b": 123456789012345678901234567890}')
    record.keep(resource, b'{"c": 1e2}', content_type="application/json; charset=UTF-8")
    content = record.ask("GET", resource, place(resource)).content
    assert content == b'{"a":1.50,"b":123456789012345678901234567890,"c":1e2}'


def test_a_document_does_not_grow_without_end(
    record: Record, resource: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.xapi.documents.LARGEST_MERGED", 30)
    record.keep(resource, {"first": "x" * 15})
    answer = record.ask("POST", resource, place(resource), b'{"second":"xxx"}', "application/json")
    assert (answer.status_code, record.read(resource)) == (413, {"first": "x" * 15})


def test_posting_where_nothing_is_keeps_the_document_as_it_is(record: Record, resource: str) -> None:
    record.keep(resource, b'{"page":  1}')
    record.keep(resource, b"\x00\x01", name="other", content_type="application/x-thing")
    assert record.ask("GET", resource, place(resource)).content == b'{"page":  1}'
    assert record.ask("GET", resource, place(resource, "other")).content == b"\x00\x01"


@pytest.mark.parametrize(
    ("kept", "kept_type", "sent", "sent_type"),
    [
        (b"{}", "application/json", b"abc", "text/plain"),
        (b"{}", "application/json", b"{}", "text/plain"),
        (b"{}", "application/json", b"{}", ""),
        (b"abc", "text/plain", b"{}", "application/json"),
        (b"{}", "text/plain", b"{}", "application/json"),
        (b"{}", "application/json", b"[1]", "application/json"),
        (b"[1]", "application/json", b"{}", "application/json"),
        (b"{}", "application/json", b'{"a": 1}{', "application/json"),
        (b"{}", "application/json", b'{"a": "\xff"}', "application/json"),
        (b"{}", "application/json", b"", "application/json"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_changes_nothing(
    record: Record, resource: str, kept: bytes, kept_type: str, sent: bytes, sent_type: str
) -> None:
    record.keep(resource, kept, method="PUT", content_type=kept_type, **NEW)
    answer = record.ask("POST", resource, place(resource), sent, sent_type)
    assert (answer.status_code, set(answer.json())) == (400, {"error", "path"})
    assert record.ask("GET", resource, place(resource)).content == kept


@pytest.mark.parametrize(
    ("method", "content"), [("PUT", b"{"), ("POST", b"{"), ("POST", b"[]"), ("PUT", b"\xff")]
)
def test_what_calls_itself_json_must_be(record: Record, resource: str, method: str, content: bytes) -> None:
    assert record.ask(method, resource, place(resource), content, **NEW).status_code == 400
    assert not Document.objects.exists()


def test_json_without_a_bottom_is_refused(record: Record, resource: str) -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    for method in ("PUT", "POST"):
        answer = record.ask(method, resource, place(resource), deep, **NEW)
        assert (answer.status_code, answer.json()["error"]) == (400, "is nested too deeply")


def test_a_document_is_deleted_once_and_may_be_deleted_again(record: Record, resource: str) -> None:
    record.keep(resource, {})
    record.keep(resource, {}, name="other")
    for _ in range(2):
        assert record.ask("DELETE", resource, place(resource)).status_code == 204
    assert record.ask("GET", resource, place(resource)).status_code == 404
    assert record.read(resource, None) == ["other"]


def test_the_names_around_come_as_a_list_with_the_time_of_the_last_change(
    record: Record, resource: str
) -> None:
    none = record.ask("GET", resource, place(resource, None))
    assert (none.json(), "Last-Modified" in none) == ([], False)
    for name in ("one", "two", "three"):
        record.keep(resource, {}, name=name)
    record.keep(resource, {"again": True}, name="one")
    answer = record.ask("GET", resource, place(resource, None))
    assert answer.json() == ["two", "three", "one"]
    last = Document.objects.get(name="one").updated.replace(microsecond=0)
    assert parsedate_to_datetime(answer["Last-Modified"]) == last
    assert answer["ETag"] == tag_of(answer.content)


def test_since_is_exclusive_and_looks_at_the_last_change(record: Record, resource: str) -> None:
    record.keep(resource, {}, name="one")
    record.keep(resource, {}, name="two")
    first, second = (Document.objects.get(name=name).updated.isoformat() for name in ("one", "two"))
    assert record.read(resource, None, since=first) == ["two"]
    assert record.read(resource, None, since=second) == []
    record.keep(resource, {"again": True}, name="one")
    assert record.read(resource, None, since=second) == ["one"]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_every_parameter_that_is_needed_is_asked_for(record: Record, resource: str, method: str) -> None:
    needed = set(place(resource))
    if method == "GET" or (method, resource) == ("DELETE", STATE):
        needed -= {NAMES[resource]}
    for name in needed:
        answer = record.ask(method, resource, place(resource) | {name: None} | {name: ""}, b"{}", **NEW)
        assert (answer.status_code, answer.json()["path"]) == (400, name)
        left = {key: value for key, value in place(resource).items() if key != name}
        answer = record.ask(method, resource, left, b"{}", **NEW)
        assert (answer.status_code, answer.json()) == (400, {"error": "is missing", "path": name})


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"activityId": "sepsis"}, "activityId"),
        ({"agent": "true"}, "agent"),
        ({"agent": "{}"}, "agent"),
        ({"agent": {"objectType": "Group", "mbox": "mailto:ward@example.org"}}, "agent.objectType"),
        ({"agent": {"mbox": "mailto:a@example.org", "openid": "https://a.example"}}, "agent.openid"),
        ({"registration": "7"}, "registration"),
        ({"StateId": "x"}, "StateId"),
        ({"colour": "blue"}, "colour"),
        ({"since": "2026-03-01T12:00:00Z"}, "since"),
    ],
)
def test_a_parameter_that_is_wrong_unknown_or_out_of_place_is_refused_by_name(
    record: Record, resource: str, method: str, more: dict[str, Any], path: str
) -> None:
    answer = record.ask(method, resource, place(resource, **more), b"{}", **NEW)
    found = answer.json()["path"]
    assert (answer.status_code, found in (path, path.partition(".")[0])) == (400, True)


def test_a_parameter_is_given_once(record: Record, resource: str) -> None:
    name = NAMES[resource]
    answer = record.ask("GET", f"{resource}?{name}=a&{name}=b")
    assert (answer.status_code, answer.json()) == (400, {"error": "must be given once", "path": name})


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "MOVE"])
def test_other_methods_are_refused_with_those_that_are_not(
    record: Record, resource: str, method: str
) -> None:
    answer = record.ask(method, resource, place(resource))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, PUT, POST, DELETE")
