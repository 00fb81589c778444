"""Communication 3.1: nobody writes over what they have not seen."""

import pytest

from .resources import DOCUMENTS, STATE, Record, place, tag_of

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("resource", DOCUMENTS)]
KEPT = b'{"page":1}'
TAG = tag_of(KEPT)
STALE = tag_of(b"something else")


@pytest.fixture(params=["1.0.3", "2.0.0"])
def record(request: pytest.FixtureRequest, record: Record) -> Record:
    """In both versions."""
    record.version = request.param
    return record


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"If_Match": TAG}, True),
        ({"If_Match": f"{STALE}, {TAG}"}, True),
        ({"If_Match": "*"}, True),
        ({"If_Match": f"W/{TAG}"}, True),  # as a proxy writes it that compressed the answer
        ({"If_Match": TAG.strip('"')}, True),
        ({"If_Match": STALE}, False),
        ({"If_Match": '"1234"'}, False),
        ({"If_Match": TAG[:-2] + '"'}, False),
        ({"If_Match": ","}, False),
        ({"If_None_Match": "*"}, False),
        ({"If_None_Match": TAG}, False),
        ({"If_None_Match": STALE}, True),
        ({"If_Match": TAG, "If_None_Match": "*"}, False),
    ],
)
def test_a_document_changes_only_where_the_condition_holds(
    record: Record, resource: str, method: str, condition: dict[str, str], holds: bool
) -> None:
    record.keep(resource, KEPT)
    answer = record.ask(method, resource, place(resource), b'{"page":2}', **condition)
    assert answer.status_code == (204 if holds else 412)
    left = record.ask("GET", resource, place(resource))
    after = {"PUT": b'{"page":2}', "POST": b'{"page":2}'}.get(method) if holds else KEPT
    assert (left.status_code, left.content) == ((200, after) if after else (404, left.content))


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("condition", [{"If_Match": "*"}, {"If_Match": TAG}])
def test_where_nothing_is_no_tag_matches(
    record: Record, resource: str, method: str, condition: dict[str, str]
) -> None:
    answer = record.ask(method, resource, place(resource), KEPT, **condition)
    assert (answer.status_code, "ETag" in answer.json()["error"]) == (412, True)
    assert record.read(resource, None) == []


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_who_expects_nothing_writes_where_nothing_is(record: Record, resource: str, method: str) -> None:
    for status in (204, 412):
        answer = record.ask(method, resource, place(resource), KEPT, If_None_Match="*")
        assert answer.status_code == status


def test_nothing_is_put_over_a_document_without_a_condition(record: Record, resource: str) -> None:
    """But for states in 1.0.3."""
    record.keep(resource, KEPT)
    answer = record.ask("PUT", resource, place(resource), b'{"page":2}')
    is_free = (resource, record.version) == (STATE, "1.0.3")
    assert answer.status_code == (204 if is_free else 409)
    if not is_free:
        assert all(word in answer.json()["error"] for word in ("look at", "ETag", "If-Match"))
    assert record.read(resource) == {"page": 2 if is_free else 1}


def test_only_1_0_3_wants_a_condition_for_the_first_profile(record: Record, resource: str) -> None:
    answer = record.ask("PUT", resource, place(resource), KEPT)
    is_asked_for = resource != STATE and record.version == "1.0.3"
    assert answer.status_code == (400 if is_asked_for else 204)
    assert record.read(resource, None) == ([] if is_asked_for else ["bookmark"])


def test_who_has_it_already_is_not_sent_it_again(record: Record, resource: str) -> None:
    record.keep(resource, KEPT)
    answer = record.ask("GET", resource, place(resource), If_None_Match=f'"old", {TAG}')
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", TAG)
    assert record.ask("GET", resource, place(resource), If_None_Match=STALE).content == KEPT
    names = record.ask("GET", resource, place(resource, None))
    again = record.ask("GET", resource, place(resource, None), If_None_Match=names["ETag"])
    assert again.status_code == 304
