import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from learning.actions import actor_for, revoke_credential, store_statements, storing
from learning.actions.voids import check_voiding
from learning.models import Credential, Statement
from learning.queries import pages
from learning.views import gate
from workforce.models import Organisation

from .conftest import STATEMENTS, Door, statement

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ids_of(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [entry["id"] for entry in response.json()["statements"]]


def store(count: int = 1, at: datetime | None = None, **changes: Any) -> list[str]:
    return [str(made) for made in store_statements(statements=[statement(**changes)] * count, at=at)]


# Writing


def test_one_statement_and_several_are_posted(lms: Door) -> None:
    assert len(lms.post(statement()).json()) == 1
    answer = lms.post([statement(), statement()])
    assert (answer.status_code, len(answer.json()), Statement.objects.count()) == (200, 2, 3)
    assert lms.post([]).json() == []


def test_a_statement_is_put_under_its_address(lms: Door) -> None:
    name = str(uuid.uuid4())
    assert lms.put(statement(), statementId=name).status_code == 204
    assert lms.put(statement(id=name), statementId=name).status_code == 204
    assert lms.get(statementId=name).json()["id"] == name


@pytest.mark.parametrize(
    ("parameters", "body", "path"),
    [
        ({}, statement(), "statementId"),
        ({"statementId": "7"}, statement(), "statementId"),
        ({"statementId": str(uuid.uuid4()), "colour": "blue"}, statement(), "colour"),
        ({"statementId": str(uuid.uuid4())}, statement(id=str(uuid.uuid4())), "id"),
        ({"statementId": str(uuid.uuid4())}, [statement(), statement()], ""),
        ({"statementId": str(uuid.uuid4())}, [statement()], ""),
        ({"statementId": [str(uuid.uuid4()), str(uuid.uuid4())]}, statement(), "statementId"),
    ],
)
def test_a_put_that_names_no_single_statement_is_refused(
    lms: Door, parameters: dict[str, Any], body: Any, path: str
) -> None:
    answer = lms.put(body, **parameters)
    assert (answer.status_code, answer.json()["path"]) == (400, path)
    assert not Statement.objects.exists()


def test_a_statement_without_an_actor_is_refused_by_name(lms: Door) -> None:
    answer = lms.post(statement(actor=None))
    assert (answer.status_code, answer.json()) == (400, {"error": "is missing", "path": "actor"})


def test_a_batch_with_one_fault_stores_nothing(lms: Door) -> None:
    answer = lms.post([statement(), statement(verb={"id": "done"})])
    assert (answer.status_code, answer.json()["path"]) == (400, "[1].verb.id")
    assert not Statement.objects.exists()


def test_another_statement_under_the_same_id_is_a_conflict(lms: Door) -> None:
    [name] = lms.post(statement(id=str(uuid.uuid4()))).json()
    assert lms.post(statement(id=name, result={"success": True})).status_code == 409
    assert lms.post(statement(id=name)).status_code == 200


def test_a_body_that_is_too_large_is_refused(lms: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LARGEST_BODY", 100)
    answer = lms.post(statement())
    assert (answer.status_code, answer.json()["error"]) == (
        413,
        "Send no more than 100 bytes in one request.",
    )


def test_other_methods_are_refused(lms: Door) -> None:
    answer = lms.client.delete(STATEMENTS, headers=lms.headers)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, PUT")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=8)
        | st.sampled_from(["Agent", "Group", "a:b"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["actor", "verb", "object", "id", "objectType", "member", "mbox"]), inner
            )
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode())
)
@example(json.dumps([statement(), None]).encode())
@example(json.dumps(statement(actor={"account": {"homePage": "a:b", "name": "\x00"}})).encode())
@example(json.dumps(statement(object={"id": "a:b", "definition": {"name": {"en": "\ud800"}}})).encode())
@example(json.dumps(statement(context={"extensions": {"a:b": 10**200}})).encode())
def test_any_bytes_get_a_clear_answer_and_leave_nothing_half_stored(lms: Door, body: bytes) -> None:
    before = Statement.objects.count()
    answer = lms.post(body)
    stored = Statement.objects.count() - before
    if answer.status_code == 200:
        assert stored == len(answer.json())
    else:
        assert (answer.status_code, stored, set(answer.json())) == (400, 0, {"error", "path"})


# Reading


def test_what_was_stored_comes_back_newest_first(lms: Door) -> None:
    old, new = store(at=NOON), store(at=NOON + timedelta(hours=1))
    assert ids_of(lms.get()) == new + old
    assert ids_of(lms.get(ascending="true")) == old + new
    assert lms.get().json()["more"] == ""


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_pages_walk_through_statements_stored_at_the_same_moment(lms: Door, ascending: str) -> None:
    made = store(7, at=NOON) + store(2, at=NOON + timedelta(seconds=1))
    seen, answer = [], lms.get(limit=2, ascending=ascending)
    for _ in range(5):
        seen += ids_of(answer)
        more = answer.json()["more"]
        if more:
            # What is stored meanwhile, earlier in the order, neither repeats nor hides anything.
            store(at=NOON + timedelta(hours=1 if ascending == "false" else -1))
            answer = lms.get(more)
    assert more == ""
    assert (len(seen), set(seen)) == (9, set(made))


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_queries_whatever_is_on_it(lms: Door, count: int) -> None:
    store(count)
    with CaptureQueriesContext(connection) as queries:
        assert len(ids_of(lms.get())) == count
    assert len(queries) == 3  # the credential, how far the record is consistent, the page


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"verb": "http://adlnet.gov/expapi/verbs/passed"}, {"passed"}),
        ({"activity": "https://lms.example/courses/sepsis"}, {"passed", "taught"}),
        ({"activity": "https://lms.example/programme"}, set()),
        ({"activity": "https://lms.example/programme", "related_activities": "true"}, {"taught"}),
        ({"agent": {"mbox": "mailto:Teacher@Example.ORG"}}, set()),
        ({"agent": {"mbox": "mailto:teacher@example.org"}}, {"met"}),
        ({"agent": {"mbox": "mailto:teacher@example.org"}, "related_agents": "true"}, {"met", "taught"}),
        ({"agent": {"mbox": "mailto:member@example.org"}}, {"grouped"}),
        ({"registration": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"}, {"taught"}),
        ({"since": NOON.isoformat()}, {"taught", "met", "grouped"}),
        ({"until": NOON.isoformat()}, {"passed"}),
        ({"since": "2026-03-01T12:00:00.000001Z", "until": "2026-03-01T14:00:00+01:00"}, {"taught"}),
        ({"verb": "http://adlnet.gov/expapi/verbs/passed", "since": NOON.isoformat()}, set()),
    ],
)
def test_statements_are_found_by_what_is_asked(
    lms: Door, parameters: dict[str, Any], found: set[str]
) -> None:
    hour = timedelta(hours=1)
    made = {
        "passed": store(at=NOON, verb={"id": "http://adlnet.gov/expapi/verbs/passed"}),
        "taught": store(
            at=NOON + hour,
            context={
                "registration": "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f",
                "instructor": {"mbox": "mailto:teacher@example.org"},
                "contextActivities": {"grouping": [{"id": "https://lms.example/programme"}]},
            },
        ),
        "met": store(
            at=NOON + 2 * hour, object={"objectType": "Agent", "mbox": "mailto:teacher@example.org"}
        ),
        "grouped": store(
            at=NOON + 3 * hour,
            actor={"objectType": "Group", "member": [{"mbox": "mailto:member@example.org"}]},
            object={"id": "https://lms.example/other"},
        ),
    }
    asked = {
        name: json.dumps(value) if isinstance(value, dict) else value for name, value in parameters.items()
    }
    assert set(ids_of(lms.get(**asked))) == {made[name][0] for name in found}


def test_a_voided_statement_is_found_only_as_voided(lms: Door) -> None:
    [target] = store()
    [by] = store(
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": target},
    )
    assert ids_of(lms.get()) == [by]
    assert lms.get(statementId=target).status_code == 404
    assert lms.get(voidedStatementId=target).json()["id"] == target
    assert lms.get(voidedStatementId=by).status_code == 404


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"colour": "blue"}, "colour"),
        ({"statementid": str(uuid.uuid4())}, "statementid"),
        ({"statementId": "7"}, "statementId"),
        ({"statementId": str(uuid.uuid4()), "verb": "a:b"}, "verb"),
        ({"statementId": str(uuid.uuid4()), "voidedStatementId": str(uuid.uuid4())}, "voidedStatementId"),
        ({"agent": "sam"}, "agent"),
        ({"agent": '{"mbox": "sam"}'}, "agent.mbox"),
        ({"agent": '{"objectType": "Group", "member": [{"mbox": "mailto:a@b"}]}'}, "agent"),
        ({"verb": "done"}, "verb"),
        ({"activity": "x"}, "activity"),
        ({"registration": "1"}, "registration"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-03-01"}, "until"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"ascending": "True"}, "ascending"),
        ({"cursor": "1"}, "cursor"),
        ({"format": "short"}, "format"),
        ({"attachments": "yes"}, "attachments"),
        ({"verb": ["a:b", "a:c"]}, "verb"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    lms: Door, parameters: dict[str, Any], path: str
) -> None:
    answer = lms.get(**parameters)
    assert (answer.status_code, answer.json()["path"]) == (400, path)


def test_the_answer_says_how_far_it_is_consistent(lms: Door) -> None:
    answer = lms.get()
    through = datetime.fromisoformat(answer["X-Experience-API-Consistent-Through"])
    assert timedelta(0) < datetime.now(UTC) - through < timedelta(minutes=1)


def test_a_head_request_answers_without_a_body(lms: Door) -> None:
    [name] = store(at=NOON)
    answer = lms.client.head(STATEMENTS, {"statementId": name}, headers=lms.headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Last-Modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"


# The door


@pytest.mark.parametrize(
    ("asked", "status", "answered"),
    [
        ("1.0.3", 200, "1.0.3"),
        ("1.0", 200, "1.0.3"),
        ("2.0.0", 200, "2.0.0"),
        ("", 400, "0.9"),  # there was no such header in that version: its requests are refused in its name
        ("0.95", 400, "1.0.3"),
        ("1.1.0", 400, "1.0.3"),
    ],
)
def test_the_version_is_asked_for_and_said(lms: Door, asked: str, status: int, answered: str) -> None:
    answer = lms.client.get(STATEMENTS, headers=lms.headers | {"X-Experience-API-Version": asked})
    assert (answer.status_code, answer["X-Experience-API-Version"]) == (status, answered)


def test_about_is_open_to_everybody(client: Client) -> None:
    assert {"1.0.3", "2.0.0"} <= set(client.get("/xapi/about").json()["version"])


@pytest.mark.parametrize(
    "authorization", ["", "Basic", "Basic !", "Basic eDp5", "Bearer eDp5", "Basic AAA6eA=="]
)
def test_nobody_comes_in_without_a_credential(lms: Door, authorization: str) -> None:
    answer = lms.client.get(STATEMENTS, headers=lms.headers | {"Authorization": authorization})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")


def test_a_revoked_credential_opens_nothing(lms: Door) -> None:
    revoke_credential(credential=lms.credential)
    assert lms.get().status_code == 401


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("statements/write", 403, 200),
        ("statements/read/mine", 200, 403),
        ("statements/read", 200, 403),
        ("all/read", 200, 403),
        ("all", 200, 200),
    ],
)
def test_a_scope_allows_what_it_says(door: Callable[..., Door], scope: str, reads: int, writes: int) -> None:
    opened = door(scope)
    assert (opened.get().status_code, opened.post(statement()).status_code) == (reads, writes)


def test_mine_is_only_what_the_credential_wrote(door: Callable[..., Door], lms: Door) -> None:
    lms.post(statement())
    opened = door("statements/write", "statements/read/mine")
    mine = opened.post(statement()).json()
    assert ids_of(opened.get()) == mine


def test_a_trust_reads_its_own_people_and_what_it_wrote(
    door: Callable[..., Door], person: Any, trust: Organisation, other_trust: Organisation
) -> None:
    ours = store(actor=actor_for(person("Asha", trust)))
    theirs = store(actor=actor_for(person("Charlie", other_trust)))
    nobodys = store()
    opened, national = door("all", organisation=trust), door("statements/read")
    written = opened.post(statement()).json()
    assert set(ids_of(opened.get())) == {*ours, *written}
    assert opened.get(statementId=theirs[0]).status_code == 404
    assert set(ids_of(national.get())) == {*ours, *theirs, *nobodys, *written}


def test_a_trust_voids_only_what_it_wrote(door: Callable[..., Door], trust: Organisation) -> None:
    [theirs] = store()
    opened = door("all", organisation=trust)
    [own] = opened.post(statement()).json()
    void = {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
    assert opened.post(statement(**void, object={"objectType": "StatementRef", "id": own})).status_code == 200
    answer = opened.post(statement(**void, object={"objectType": "StatementRef", "id": theirs}))
    assert answer.status_code == 403
    assert Statement.objects.get(pk=theirs).voided_by is None


def test_a_voiding_sent_ahead_by_another_trust_voids_nothing(
    door: Callable[..., Door], trust: Organisation
) -> None:
    target = str(uuid.uuid4())
    void = {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
    ahead = door("all", organisation=trust).post(
        statement(**void, object={"objectType": "StatementRef", "id": target})
    )
    assert ahead.status_code == 200
    store(id=target)
    assert Statement.objects.get(pk=target).voided_by is None


def test_a_target_that_comes_while_it_is_being_voided_is_voided_by_those_who_may(
    door: Callable[..., Door], trust: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(uuid.uuid4())

    def check_and_let_the_target_come(*asked: Any) -> None:
        check_voiding(*asked)
        monkeypatch.setattr(storing, "check_voiding", check_voiding)
        store(id=target)

    monkeypatch.setattr(storing, "check_voiding", check_and_let_the_target_come)
    void = {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
    opened = door("all", organisation=trust)
    answer = opened.post(statement(**void, object={"objectType": "StatementRef", "id": target}))
    assert answer.status_code == 200
    assert Statement.objects.get(pk=target).voided_by is None


def test_the_command_makes_a_credential_that_opens(trust: Organisation, capsys: Any) -> None:
    call_command(
        "create_credential",
        "--name",
        "ESR",
        "--scope",
        "statements/write",
        "--scope",
        "statements/read",
        "--organisation",
        "ZZ1",
        "--gives-evidence",
        "--json",
    )
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    credential = Credential.objects.get(key=made["key"])
    assert (credential.organisation, credential.gives_evidence) == (trust, True)
    assert Door(credential, made["secret"]).get().status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_an_address_without_a_resource_says_so_in_json(lms: Door, method: str) -> None:
    answer = lms.client.generic(method, "/xapi/statement/", "{}", "application/json", headers=lms.headers)
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("There is no such resource.")


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_a_page_ends_before_it_fills_the_memory(
    lms: Door, monkeypatch: pytest.MonkeyPatch, ascending: str
) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 2_500)
    long = {"response": "x" * 1_000}
    sent = lms.post([statement(result=long) for _ in range(7)]).json()
    found, sizes = [], []
    answer = lms.get(ascending=ascending).json()
    while True:
        found += [one["id"] for one in answer["statements"]]
        sizes.append(len(answer["statements"]))
        if not answer["more"]:
            break
        answer = lms.get(answer["more"]).json()
    assert found == (sent if ascending == "true" else sent[::-1])
    assert sizes == [2, 2, 2, 1]


def test_a_statement_larger_than_a_page_has_a_page_of_its_own(
    lms: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 100)
    lms.post([statement(), statement()])
    answer = lms.get().json()
    assert len(answer["statements"]) == 1
    assert len(lms.get(answer["more"]).json()["statements"]) == 1


@pytest.mark.parametrize(("bound", "ascending"), [("until", "false"), ("since", "true")])
def test_deep_pages_ask_the_index_for_one_bound_only(lms: Door, bound: str, ascending: str) -> None:
    lms.post([statement() for _ in range(4)])
    far = "2100-01-01T00:00:00Z" if bound == "until" else "2000-01-01T00:00:00Z"
    answer = lms.get(limit="2", ascending=ascending, **{bound: far}).json()
    with CaptureQueriesContext(connection) as queries:
        assert len(lms.get(answer["more"]).json()["statements"]) == 2
    assert not any(f"%({bound})s" in query["sql"] for query in queries)


def test_a_cursor_of_ones_own_making_reaches_nothing_beyond_the_bounds(lms: Door) -> None:
    lms.post([statement() for _ in range(3)])
    before = "2000-01-01T00:00:00Z"
    made = f"2100-01-01T00:00:00Z_{uuid.uuid4()}"
    assert lms.get(until=before, cursor=made).json()["statements"] == []
