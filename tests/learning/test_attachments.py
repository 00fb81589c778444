"""Files that come with statements: kept once, with them or not at all, and read by whoever may read them."""

import json
import random
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from learning.models import Attachment, AttachmentPart, Statement, StatementAttachment
from learning.xapi import multipart
from workforce.models import Organisation

from .conftest import STATEMENTS, Door, statement
from .mixed import (
    CONTENT_TYPE,
    TEXT,
    attachment,
    file_part,
    joined,
    part,
    parts_of,
    send,
    sha2,
    statements_part,
)

PIECE = AttachmentPart.LARGEST


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def with_files(*contents: bytes, **changes: Any) -> dict[str, Any]:
    return statement(attachments=[attachment(content) for content in contents], **changes)


def stored(door: Door, *contents: bytes) -> str:
    """The id of a statement that was sent with these files."""
    answer = send(door, statements_part(with_files(*contents)), *map(file_part, contents))
    assert answer.status_code == 200, answer.content
    return str(answer.json()[0])


def files_of(answer: Any) -> dict[str, bytes]:
    return {each.headers["X-Experience-API-Hash"]: each.content for each in parts_of(answer)[1:]}


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_a_file_comes_back_as_it_was_sent(lms: Door, size: int) -> None:
    content = noise(size)
    name = stored(lms, content)
    assert files_of(lms.get(statementId=name, attachments="true")) == {sha2(content): content}
    assert AttachmentPart.objects.count() == -(-size // PIECE)


def test_the_parts_of_an_answer_say_what_they_hold(lms: Door) -> None:
    name = stored(lms, TEXT)
    answer = lms.get(statementId=name, attachments="true")
    first, second = parts_of(answer)
    assert first.headers == {"Content-Type": "application/json"}
    assert first.content.decode() == Statement.objects.get().payload
    assert second.headers == {
        "Content-Type": "text/plain; charset=ascii",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha2(TEXT),
    }
    assert answer["Last-Modified"]


def test_a_file_that_is_sent_twice_is_kept_once_and_told_once(lms: Door) -> None:
    stored(lms, TEXT, b"one")
    stored(lms, TEXT, b"two")
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (3, 3)
    found = [each.content for each in parts_of(lms.get(attachments="true"))[1:]]
    assert sorted(found) == sorted([TEXT, b"one", b"two"])


def test_a_file_of_a_statement_within_a_statement_is_kept_with_it(lms: Door) -> None:
    inner = with_files(TEXT, objectType="SubStatement")
    assert send(lms, statements_part(statement(object=inner)), file_part()).status_code == 200
    assert files_of(lms.get(attachments="true")) == {sha2(TEXT): TEXT}


def test_a_file_is_kept_however_the_name_of_its_property_is_spelled(lms: Door) -> None:
    inner = json.dumps(statement(object=with_files(TEXT, objectType="SubStatement")))
    escaped = inner.replace('"attachments"', '"\\u0061ttachments"').encode()
    assert send(lms, part(escaped, Content_Type="application/json"), file_part()).status_code == 200
    assert files_of(lms.get(attachments="true")) == {sha2(TEXT): TEXT}


def test_a_statement_may_be_put_with_its_file(lms: Door) -> None:
    name = str(uuid.uuid4())
    body = [statements_part(with_files(TEXT)), file_part()]
    assert send(lms, *body, statementId=name).status_code == 204
    assert send(lms, *body, statementId=name).status_code == 204
    assert files_of(lms.get(statementId=name, attachments="true")) == {sha2(TEXT): TEXT}


def test_without_the_wish_for_files_none_are_sent(lms: Door) -> None:
    stored(lms, TEXT)
    for parameters in ({}, {"attachments": "false"}):
        answer = lms.get(**parameters)
        assert (answer["Content-Type"], len(answer.json()["statements"])) == ("application/json", 1)


def test_files_may_be_asked_for_where_there_are_none(lms: Door) -> None:
    lms.post(statement())
    [only] = parts_of(lms.get(attachments="true", format="ids"))
    assert b'"actor":{"account"' in only.content


def test_head_sends_no_file(lms: Door) -> None:
    stored(lms, TEXT)
    answer = lms.client.head(STATEMENTS, {"attachments": "true"}, headers=lms.headers)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "multipart/mixed")


def test_a_refused_batch_leaves_no_file_behind(lms: Door) -> None:
    [taken] = lms.post(statement()).json()
    answer = send(lms, statements_part([with_files(TEXT), statement(id=taken, result={})]), file_part())
    assert answer.status_code == 409
    assert not Attachment.objects.exists()


def test_a_file_that_no_statement_names_is_not_kept(lms: Door) -> None:
    answer = send(lms, statements_part(with_files(TEXT)), file_part(), file_part(b"another"))
    assert (answer.status_code, answer.json()["path"]) == (400, "parts[2].X-Experience-API-Hash")
    assert not Attachment.objects.exists()


def test_knowing_the_hash_of_a_file_does_not_open_it(door: Callable[..., Door]) -> None:
    """The file was sent with a statement that this credential may not read."""
    stored(door("statements/write"), TEXT)
    reader = door("statements/write", "statements/read/mine")
    named = statement(attachments=[attachment(fileUrl="https://example.org/file")])
    [name] = reader.post(named).json()
    for parameters in ({"statementId": name}, {}):
        assert files_of(reader.get(attachments="true", **parameters)) == {}


def test_files_go_only_to_those_who_may_read_the_statement(
    door: Callable[..., Door], trust: Organisation, other_trust: Organisation
) -> None:
    own, other = door(organisation=trust), door(organisation=other_trust)
    name = stored(own, TEXT)
    assert files_of(own.get(attachments="true")) == {sha2(TEXT): TEXT}
    assert files_of(other.get(attachments="true")) == {}
    assert other.get(attachments="true", statementId=name).status_code == 404


def test_too_large_a_file_is_refused(lms: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "LARGEST_ATTACHMENT", len(TEXT) - 1)
    answer = send(lms, statements_part(with_files(TEXT)), file_part())
    assert (answer.status_code, "attachments" in answer.json()["error"]) == (413, True)


def on_files(queries: CaptureQueriesContext) -> int:
    tables = ("learning_attachment", "learning_statementattachment")
    return sum(any(table in query["sql"] for table in tables) for query in queries)


@pytest.mark.parametrize("number", [1, 40])
def test_the_queries_do_not_grow_with_small_files(lms: Door, number: int) -> None:
    contents = [f"file {position}".encode() for position in range(number)]
    batch = [with_files(content) for content in contents]
    with CaptureQueriesContext(connection) as sending:
        send(lms, statements_part(batch), *map(file_part, contents))
    assert on_files(sending) == 3
    with CaptureQueriesContext(connection) as reading:
        assert len(files_of(lms.get(attachments="true"))) == number
    assert on_files(reading) == 2


@pytest.mark.django_db(transaction=True)
def test_requests_that_share_files_neither_wait_for_ever_nor_double_them(door: Callable[..., Door]) -> None:
    lms = door("all")
    contents = [noise(PIECE + position) for position in range(4)]
    start = threading.Barrier(4)

    def sent(turn: int) -> int:
        order = contents[turn:] + contents[:turn]
        start.wait()
        try:
            return int(send(lms, statements_part(with_files(*order)), *map(file_part, order)).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(sent, range(4))) == [200] * 4
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (4, 7)
    assert StatementAttachment.objects.count() == 16


@pytest.mark.parametrize(
    "wrong",
    [{"sha2": "A" * 64}, {"sha2": "a" * 63}, {"length": -1}],
)
def test_the_database_keeps_files_well_named(db: None, wrong: dict[str, Any]) -> None:
    usual = {"sha2": "a" * 64, "length": 1, "stored": "2026-03-01T09:30Z"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.create(**(usual | wrong))


def test_any_other_body_is_refused_in_words(lms: Door) -> None:
    answer = send(lms, body=joined(part(b"[]")), content_type=CONTENT_TYPE)
    assert (answer.status_code, answer.json()["path"]) == (400, "parts[0].Content-Type")


def test_canonical_shows_what_the_record_knows_of_an_activity(lms: Door) -> None:
    course = {"id": "https://lms.example/courses/fire"}
    names = {"en": "Fire safety", "cy": "Diogelwch tân"}
    lms.post(statement(object=course | {"definition": {"name": names}}))
    [name] = lms.post(statement(object=course)).json()
    answer = lms.client.get(
        STATEMENTS,
        {"statementId": name, "format": "canonical"},
        headers=lms.headers | {"Accept-Language": "cy, en;q=0.5"},
    )
    assert answer.json()["object"] == course | {"definition": {"name": {"cy": "Diogelwch tân"}}}
    assert lms.get(statementId=name).json()["object"] == course
