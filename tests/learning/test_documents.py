"""Documents: two writers at once, who reaches whose, and what the database itself sees to."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, close_old_connections, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from learning.actions import actor_for
from learning.keys import key_of
from learning.models import Document, Place
from tests.conformance.resources import (
    ACTIVITY_PROFILE,
    AGENT_PROFILE,
    COURSE,
    DOCUMENTS,
    STATE,
    Record,
    place,
    tag_of,
)
from workforce.models import Organisation

from .conftest import Door


@pytest.fixture
def record(lms: Door) -> Record:
    return Record(lms)


# Two writers at once


def at_once(asked: Sequence[Callable[[], Any]]) -> list[int]:
    """The statuses of requests that are sent at the same time, each by a connection of its own."""

    def ask(request: Callable[[], Any]) -> int:
        try:
            return int(request().status_code)
        finally:
            close_old_connections()
            connections.close_all()

    with ThreadPoolExecutor(len(asked)) as pool:
        return sorted(pool.map(ask, asked))


@pytest.fixture
def writers(transactional_db: None, door: Callable[..., Door]) -> list[Record]:
    opened = door("all")
    records = []
    for _ in range(8):
        one = Record(opened)
        one.door = Door.__new__(Door)
        one.door.headers, one.door.credential, one.door.client = opened.headers, opened.credential, Client()
        records.append(one)
    return records


@pytest.mark.parametrize("resource", DOCUMENTS)
def test_of_several_first_writers_one_is_first(writers: list[Record], resource: str) -> None:
    for where in [place(resource, f"attempt {number}") for number in range(4)]:
        sent = [partial(one.ask, "PUT", resource, where, {}, If_None_Match="*") for one in writers]
        assert at_once(sent) == [204] + [412] * 7
    assert Document.objects.count() == 4


def test_of_several_who_saw_the_same_one_writes(writers: list[Record]) -> None:
    where, seen = place(AGENT_PROFILE), b'{"page":0}'
    writers[0].keep(AGENT_PROFILE, seen)
    sent = [
        partial(one.ask, "PUT", AGENT_PROFILE, where, {"writer": number}, If_Match=tag_of(seen))
        for number, one in enumerate(writers)
    ]
    assert at_once(sent) == [204] + [412] * 7


def test_what_several_merge_at_once_is_all_kept(writers: list[Record]) -> None:
    parts = [{f"writer {number}": number} for number in range(8)]
    sent = [
        partial(one.ask, "POST", STATE, place(STATE), part) for one, part in zip(writers, parts, strict=True)
    ]
    assert at_once(sent) == [204] * 8
    assert writers[0].read(STATE) == {name: number for part in parts for name, number in part.items()}


def test_writing_and_deleting_at_once_never_deadlocks(writers: list[Record]) -> None:
    for _ in range(3):
        sent = [
            partial(one.ask, "DELETE", STATE, place(STATE, None))
            if turn % 3 == 2
            else partial(one.ask, "POST", STATE, place(STATE, str(turn % 4)), {"turn": turn})
            for turn, one in enumerate(writers)
        ]
        assert at_once(sent) == [204] * 8


# Who reaches whose


@pytest.mark.django_db
def test_a_trust_reaches_its_own_people_and_what_it_wrote(
    door: Callable[..., Door], record: Record, person: Any, trust: Organisation, other_trust: Organisation
) -> None:
    ours, theirs = actor_for(person("Asha", trust)), actor_for(person("Charlie", other_trust))
    opened = Record(door("all", organisation=trust))
    for resource in (STATE, AGENT_PROFILE):
        for agent in (ours, theirs):
            record.keep(resource, {"by": "a system of all"}, agent=agent)
        assert opened.read(resource, agent=ours) == {"by": "a system of all"}
        opened.keep(resource, {"and": "the trust"}, agent=ours)
        assert record.read(resource, agent=ours) == {"by": "a system of all", "and": "the trust"}

        around = place(resource, agent=theirs)
        assert opened.ask("GET", resource, around).status_code == 404
        assert opened.ask("GET", resource, place(resource, None, agent=theirs)).json() == []
        for method in ("PUT", "POST"):
            assert opened.ask(method, resource, around, {}, If_None_Match="*").status_code == 403
        assert opened.ask("DELETE", resource, around).status_code == 204
        assert record.read(resource, agent=theirs) == {"by": "a system of all"}

        opened.keep(resource, {"own": True}, agent=theirs, name="own")
        assert opened.read(resource, None, agent=theirs) == ["own"]
        assert opened.ask("DELETE", resource, place(resource, "own", agent=theirs)).status_code == 204
        assert record.read(resource, None, agent=theirs) == ["bookmark"]


@pytest.mark.django_db
def test_a_trust_reaches_only_the_profiles_of_activities_that_it_wrote(
    door: Callable[..., Door], record: Record, trust: Organisation
) -> None:
    opened = Record(door("profile", organisation=trust))
    record.keep(ACTIVITY_PROFILE, {"by": "a system of all"})
    opened.keep(ACTIVITY_PROFILE, {"own": True}, name="own")
    assert opened.read(ACTIVITY_PROFILE, None) == ["own"]
    assert opened.ask("POST", ACTIVITY_PROFILE, place(ACTIVITY_PROFILE), {}).status_code == 403
    # Somebody else may add to it: it stays the trust's.
    record.keep(ACTIVITY_PROFILE, {"more": True}, name="own")
    assert opened.read(ACTIVITY_PROFILE, "own") == {"own": True, "more": True}


@pytest.mark.django_db
def test_deleting_all_states_leaves_those_of_others(
    door: Callable[..., Door], record: Record, trust: Organisation
) -> None:
    opened = Record(door("state", organisation=trust))
    record.keep(STATE, {}, name="theirs")
    opened.keep(STATE, {}, name="own")
    assert opened.ask("DELETE", STATE, place(STATE, None)).status_code == 204
    assert record.read(STATE, None) == ["theirs"]


# What a browser makes of it


@pytest.mark.django_db
def test_a_document_that_is_a_page_is_nobodys_page(record: Record) -> None:
    """Written by one system, opened by somebody who is signed in here: its scripts must not run as theirs."""
    page = b"<script>fetch('/account/')</script>"
    record.keep(STATE, page, method="PUT", content_type="text/html")
    answer = record.ask("GET", STATE, place(STATE))
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"


# What the database sees to


def row(**changes: Any) -> dict[str, Any]:
    whole = {
        "kind": "state",
        "activity": key_of(COURSE),
        "agent": uuid4(),
        "registration": None,
        "name": "bookmark",
    }
    return whole | changes


def made(**changes: Any) -> Document:
    where = Place(**row(**changes))
    rest = {"content": b"", "content_type": "a/b", "etag": "", "updated": timezone.now()}
    return Document(id=where.key, **where._asdict(), **rest)


@pytest.mark.django_db
def test_one_place_holds_one_document() -> None:
    agent = uuid4()
    made(agent=agent).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        made(agent=agent).save(force_insert=True)
    assert Document.objects.insert_new(made(agent=agent)) is False
    assert Document.objects.insert_new(made(agent=agent, registration=uuid4())) is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"agent": None},
        {"activity": None},
        {"kind": "activity"},
        {"kind": "agent"},
        {"kind": "activity", "agent": None, "registration": uuid4()},
        {"kind": "nothing"},
    ],
)
def test_a_document_lies_around_what_its_kind_says(changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        made(**changes).save(force_insert=True)


@pytest.mark.django_db
def test_no_name_looks_like_another_place() -> None:
    activity, agent, registration = key_of(COURSE), uuid4(), uuid4()
    places = [
        Place("state", activity, agent, None, "x"),
        Place("state", activity, agent, registration, "x"),
        Place("state", activity, agent, None, f"{registration}|x"),
        Place("state", activity, agent, None, "|x"),
        Place("activity", activity, None, None, "x"),
        Place("agent", None, agent, None, "x"),
        Place("agent", None, activity, None, "x"),
    ]
    assert len({where.key for where in places}) == len(places)


@pytest.mark.django_db
def test_documents_are_found_by_an_index(record: Record) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for resource in DOCUMENTS:
            asked = {"kind": {STATE: "state", ACTIVITY_PROFILE: "activity", AGENT_PROFILE: "agent"}[resource]}
            where = asked | {
                "activity": None if resource == AGENT_PROFILE else key_of(COURSE),
                "agent": None if resource == ACTIVITY_PROFILE else uuid4(),
            }
            assert "document_by_" in Document.objects.filter(**where).explain()
