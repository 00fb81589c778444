import json
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext

from learning import iris, verbs
from learning.actions import Conflict, actor_for, actors_for, store_statements, storing, void_statement
from learning.models import (
    Activity,
    Actor,
    Statement,
    StatementActivity,
    StatementActor,
    StatementReference,
    Usage,
)
from learning.signals import statements_stored
from learning.xapi import Invalid

from .conftest import Door, statement

pytestmark = pytest.mark.django_db
VOIDED = {"id": verbs.VOIDED}


def voiding(target: uuid.UUID, **changes: Any) -> dict[str, Any]:
    return statement(verb=VOIDED, object={"objectType": "StatementRef", "id": str(target)}, **changes)


def test_what_was_sent_is_kept_to_the_byte_and_completed(lms: Door) -> None:
    sent = b'{"verb":{ "id":"a:b"},"actor":{"mbox":"mailto:a@b"},"object":{"id":"c:d"},"result":{"score":{"raw":1.50}}}'
    [statement_id] = lms.post(sent).json()
    kept = Statement.objects.get(pk=statement_id)
    assert '"verb":{ "id":"a:b"}' in kept.payload
    assert '"raw":1.50' in kept.payload
    assert kept.content["version"] == "1.0.0"
    assert kept.content["timestamp"] == kept.content["stored"]
    assert datetime.fromisoformat(kept.content["stored"]) == kept.stored
    assert kept.content["authority"]["account"]["name"] == lms.credential.key


def test_the_sender_cannot_choose_when_it_was_stored_or_who_vouches() -> None:
    claimed = statement(stored="2001-01-01T00:00:00Z", authority={"mbox": "mailto:someone@example.org"})
    [statement_id] = store_statements(statements=[claimed])
    content = Statement.objects.get(pk=statement_id).content
    assert content["stored"] > "2020"
    assert content["authority"]["account"]["homePage"] == "https://id.promise-to-learn.example/"


def test_the_columns_hold_what_queries_filter_on() -> None:
    registration = uuid.uuid4()
    [statement_id] = store_statements(
        statements=[
            statement(
                timestamp="2026-03-01T09:30:00+01:00",
                context={
                    "registration": str(registration),
                    "instructor": {"mbox": "mailto:i@example.org"},
                    "contextActivities": {"parent": {"id": "https://lms.example/p"}},
                },
            )
        ],
        at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    kept = Statement.objects.get(pk=statement_id)
    assert kept.stored == datetime(2026, 3, 2, tzinfo=UTC)
    assert kept.timestamp == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert kept.registration == registration
    assert str(kept.actor) == "account|https://lms.example/|7431"
    assert str(kept.activity) == "https://lms.example/courses/sepsis"
    assert kept.activity_iris == {"https://lms.example/courses/sepsis", "https://lms.example/p"}
    assert list(StatementActor.objects.values_list("target__identifier", "usages")) == [
        ("mbox|mailto:i@example.org", Usage.INSTRUCTOR)
    ]
    assert list(StatementActivity.objects.values_list("target__iri", "usages")) == [
        ("https://lms.example/p", Usage.PARENT)
    ]


@pytest.mark.parametrize("size", [1, 3, 60])
def test_a_batch_costs_the_same_queries_whatever_its_size(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "statements_stored", Signal())  # what the rooms above ask is theirs to count
    batch = [
        statement(
            actor={"account": {"homePage": "https://lms.example/", "name": f"{number}"}},
            object={"id": f"https://lms.example/{number}", "definition": {"name": {"en": "Course"}}},
        )
        for number in range(size)
    ]
    with CaptureQueriesContext(connection) as queries:
        store_statements(statements=batch)
    # Savepoint in and out; when the transaction began; and everything that is to be stored.
    assert len(queries) == 4


def test_nothing_is_kept_of_a_batch_with_one_fault(told: dict[str, list[uuid.UUID]]) -> None:
    with pytest.raises(Invalid) as fault:
        store_statements(statements=[statement(), statement(actor=None)])
    assert fault.value.path == "[1].actor"
    assert (Statement.objects.count(), Actor.objects.count(), Activity.objects.count()) == (0, 1, 0)
    assert told == {"stored": [], "voided": []}


@pytest.mark.usefixtures("known")
def test_a_receiver_that_fails_undoes_the_storing() -> None:
    def refuse(**_: Any) -> None:
        raise RuntimeError("no")

    statements_stored.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            store_statements(statements=[statement()])
    finally:
        statements_stored.disconnect(refuse)
    assert not Statement.objects.exists()


def test_the_same_statement_again_is_kept_once(told: dict[str, list[uuid.UUID]]) -> None:
    once = statement(id=str(uuid.uuid4()))
    again = statement(
        id=once["id"].upper(),
        verb={"id": once["verb"]["id"], "display": {"cy": "cwblhau"}},
        object=once["object"] | {"objectType": "Activity", "definition": {"name": {"en": "Sepsis"}}},
    )
    again["object"].pop("objectType")
    first = store_statements(statements=[once])
    assert store_statements(statements=[again, statement()])[:1] == first
    assert Statement.objects.count() == 2
    assert len(told["stored"]) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}},
        {"actor": {"mbox": "mailto:other@example.org"}},
        {"object": {"id": "https://lms.example/other"}},
        {"result": {"success": True}},
        {"timestamp": "2026-03-01T09:30:00Z"},
    ],
)
def test_another_statement_under_a_taken_id_is_a_conflict(changes: dict[str, Any]) -> None:
    once = statement(id=str(uuid.uuid4()), timestamp="2026-03-01T09:31:00Z")
    store_statements(statements=[once])
    with pytest.raises(Conflict) as conflict:
        store_statements(statements=[statement(), once | changes])
    assert conflict.value.statement_id == uuid.UUID(once["id"])
    assert Statement.objects.count() == 1


def test_two_of_one_batch_cannot_share_an_id() -> None:
    same = statement(id=str(uuid.uuid4()))
    with pytest.raises(Invalid) as fault:
        store_statements(statements=[same, same])
    assert fault.value.path == "[1].id"


@pytest.mark.django_db(transaction=True)
def test_batches_that_share_ids_at_the_same_time_keep_each_statement_once() -> None:
    shared = [statement(id=str(uuid.uuid4()), actor={"mbox": f"mailto:{n}@example.org"}) for n in range(40)]

    def store(turn: int) -> int:
        try:
            return len(store_statements(statements=random.Random(turn).sample(shared, 30)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(store, range(8))) == [30] * 8
    assert Statement.objects.count() == Actor.objects.count() == len(shared)


@pytest.mark.django_db(transaction=True)
def test_a_voiding_and_its_target_that_come_at_the_same_instant_find_each_other() -> None:
    pairs = [(uuid.uuid4(), threading.Barrier(2)) for _ in range(40)]

    def store(made: dict[str, Any], together: threading.Barrier) -> None:
        try:
            together.wait(20)
            store_statements(statements=[made])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as targets, ThreadPoolExecutor(2) as voidings:
        for target, together in pairs:
            done = [
                targets.submit(store, statement(id=str(target)), together),
                voidings.submit(store, voiding(target), together),
            ]
            for one in done:
                one.result()
    ids = [target for target, _ in pairs]
    assert Statement.objects.filter(pk__in=ids, voided_by__isnull=False).count() == len(ids)
    assert StatementReference.objects.filter(target__in=ids).count() == len(ids)


def test_members_in_another_order_are_the_same_group() -> None:
    members = [{"mbox": "mailto:a@example.org"}, {"mbox": "mailto:b@example.org"}]
    once = statement(id=str(uuid.uuid4()), actor={"objectType": "Group", "member": members})
    store_statements(statements=[once])
    store_statements(statements=[once | {"actor": {"objectType": "Group", "member": members[::-1]}}])
    assert Statement.objects.get().actor is None


def test_voiding_sets_the_flag_and_tells(person: Any, told: dict[str, list[uuid.UUID]]) -> None:
    editor = person("Asha")
    [target] = store_statements(statements=[statement()])
    by = void_statement(statement_id=target, by=editor, reason="Sent by mistake")
    kept = Statement.objects.get(pk=target)
    assert (kept.voided_by, kept.voided_at is not None) == (by, True)
    assert told == {"stored": [target, by], "voided": [target]}
    assert Statement.objects.get(pk=by).content["result"]["response"] == "Sent by mistake"
    assert void_statement(statement_id=target, by=editor, reason="Again") == by


def test_a_statement_voided_before_it_came_is_voided_when_it_comes(told: dict[str, list[uuid.UUID]]) -> None:
    target = uuid.uuid4()
    [by] = store_statements(statements=[voiding(target)])
    store_statements(statements=[statement(id=str(target))])
    assert Statement.objects.get(pk=target).voided_by == by
    assert told == {"stored": [by], "voided": []}


def test_a_statement_and_its_voiding_may_come_together(told: dict[str, list[uuid.UUID]]) -> None:
    target = uuid.uuid4()
    ids = store_statements(statements=[voiding(target), statement(id=str(target))])
    assert Statement.objects.get(pk=target).voided_by == ids[0]
    assert told == {"stored": [ids[0]], "voided": []}


def test_a_voiding_statement_cannot_be_voided(person: Any) -> None:
    [target] = store_statements(statements=[statement()])
    by = void_statement(statement_id=target, by=person("Asha"), reason="A mistake")
    with pytest.raises(Invalid) as fault:
        store_statements(statements=[voiding(by)])
    assert fault.value.path == "object.id"
    later = uuid.uuid4()
    store_statements(statements=[voiding(later)])
    store_statements(statements=[voiding(uuid.uuid4(), id=str(later))])
    assert Statement.objects.get(pk=later).voided_by is None


def test_only_this_system_says_what_its_own_activities_are(lms: Door) -> None:
    ours = iris.activity_iri(uuid.uuid4())
    named = {"id": ours, "definition": {"name": {"en-GB": "Sepsis"}}}
    lms.post(statement(object={"id": ours, "definition": {"name": {"en-GB": "Nonsense"}}}))
    assert Activity.objects.get(iri=ours).definition == {}
    store_statements(statements=[statement(object=named)])
    lms.post(statement(object={"id": ours, "definition": {"name": {"en-GB": "Nonsense"}}}))
    assert Activity.objects.get(iri=ours).definition == named["definition"]


def test_a_person_is_an_opaque_account_that_stays_the_same(person: Any) -> None:
    asha, bryn = person("Asha"), person("Bryn")
    actor: Any = actor_for(asha)
    assert actor["account"]["homePage"] == "https://id.promise-to-learn.example/"
    assert uuid.UUID(actor["account"]["name"]).version == 4
    assert actors_for([asha, bryn])[asha.pk] == actor
    assert "Asha" not in json.dumps(actor)
    assert str(asha.uuid) not in json.dumps(actor)


@pytest.mark.parametrize("count", [1, 3])
def test_actors_are_minted_in_bulk(person: Any, count: int, django_assert_num_queries: Any) -> None:
    people = [person(f"Person {number}") for number in range(count)]
    with django_assert_num_queries(5):
        actors_for(people)
    with django_assert_num_queries(3):
        actors_for(people)


def test_clearing_the_link_leaves_the_statement_pointing_at_nobody(person: Any) -> None:
    asha = person("Asha")
    [statement_id] = store_statements(statements=[statement(actor=actor_for(asha))])
    asha.delete()
    assert Actor.objects.get(statements=statement_id).user is None


def test_the_database_keeps_who_and_when_of_voiding_together() -> None:
    [statement_id] = store_statements(statements=[statement()])
    with pytest.raises(IntegrityError, match="statement_voided_by_and_at"):
        Statement.objects.filter(pk=statement_id).update(voided_by=uuid.uuid4())


def test_every_verb_of_this_system_has_a_name() -> None:
    spoken = {
        value
        for name, value in vars(verbs).items()
        if name.isupper() and name[0] != "_" and isinstance(value, str)
    }
    assert spoken == set(verbs.DISPLAY)
    store_statements(statements=[statement(verb=verbs.verb(iri)) for iri in sorted(spoken - {verbs.VOIDED})])
