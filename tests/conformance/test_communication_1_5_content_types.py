"""Communication 1.5, Content Types (xAPI 2.0: 4.1.3): which bodies the Statement Resource takes, files and all."""

import json
import uuid
from typing import Any

import pytest

from tests.learning.conftest import STATEMENTS, Door, statement
from tests.learning.mixed import (
    BOUNDARY,
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

OTHER = b"another file"
WITH_URL = statement(attachments=[attachment(fileUrl="https://example.org/essay.txt")])
WITHOUT_URL = statement(attachments=[attachment()])
BOTH = statement(attachments=[attachment(), attachment(OTHER)])

versions = pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])


def fault_of(answer: Any) -> str:
    assert answer.status_code == 400, answer.content
    return str(answer.json()["path"])


# 1.5.1 Application/JSON


@pytest.mark.parametrize("body", [statement(), WITH_URL, [statement(), WITH_URL]])
def test_json_is_taken_where_no_file_is_needed(lms: Door, body: Any) -> None:
    assert lms.post(body).status_code == 200


def test_json_is_refused_where_a_file_is_needed(lms: Door) -> None:
    assert fault_of(lms.post([WITH_URL, WITHOUT_URL])) == "[1].attachments[0]"
    assert fault_of(lms.put(WITHOUT_URL, statementId=str(uuid.uuid4()))) == "attachments[0]"


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "text/plain", "application/xml", ""]
)
@pytest.mark.parametrize(
    "body", [json.dumps(WITH_URL).encode(), joined(statements_part(WITH_URL), boundary="x")]
)
def test_any_other_type_is_refused(lms: Door, content_type: str, body: bytes) -> None:
    answer = lms.client.generic("POST", STATEMENTS, body, content_type, headers=lms.headers)
    assert fault_of(answer) == "Content-Type"


# 1.5.2 Multipart/Mixed


@versions
@pytest.mark.parametrize(
    "parts",
    [
        [statements_part(statement())],
        [statements_part([statement(), statement()])],
        [statements_part(WITH_URL)],
        [statements_part(WITH_URL), file_part()],
        [statements_part(WITHOUT_URL), file_part()],
        [statements_part(BOTH), file_part(OTHER), file_part()],
        # One copy is enough for several statements, and two do no harm.
        [statements_part([WITHOUT_URL, BOTH]), file_part(), file_part(OTHER), file_part()],
        # The receiver should take it that files are binary, and need not be told their type.
        [statements_part(WITHOUT_URL), file_part(Content_Transfer_Encoding=None, Content_Type=None)],
        [
            statements_part(WITHOUT_URL),
            file_part(Content_Transfer_Encoding="BINARY", Content_Type="Text/Plain"),
        ],
        [statements_part(WITHOUT_URL, Content_Type="application/json; charset=utf-8"), file_part()],
        [statements_part(WITHOUT_URL), file_part(Content_Length="27")],
        [statements_part(statement(attachments=[attachment(sha2=sha2(TEXT).upper())])), file_part()],
        # File and statement find each other by the hash, and "MUST NOT do so any other way".
        [statements_part(statement(attachments=[attachment(length=7)])), file_part()],
    ],
)
def test_statements_are_taken_with_the_files_they_name(lms: Door, version: str, parts: list[bytes]) -> None:
    lms.headers["X-Experience-API-Version"] = version
    answer = send(lms, *parts)
    assert answer.status_code == 200, answer.content


@versions
@pytest.mark.parametrize(
    ("parts", "path"),
    [
        # The first part holds the statements, all of them, as JSON.
        ([statements_part(WITHOUT_URL, Content_Type="text/plain"), file_part()], "parts[0].Content-Type"),
        ([file_part(), statements_part(WITHOUT_URL)], "parts[0].Content-Type"),
        (
            [statements_part(WITHOUT_URL), statements_part(statement()), file_part()],
            "parts[1].X-Experience-API-Hash",
        ),
        ([part(b"{", Content_Type="application/json")], ""),
        # Each file has its hash, which a statement names.
        (
            [statements_part(WITHOUT_URL), file_part(X_Experience_API_Hash=None)],
            "parts[1].X-Experience-API-Hash",
        ),
        (
            [statements_part(WITHOUT_URL), file_part(X_Experience_API_Hash="b" * 64)],
            "parts[1].X-Experience-API-Hash",
        ),
        (
            [statements_part(BOTH), file_part(), file_part(OTHER), file_part(b"")],
            "parts[3].X-Experience-API-Hash",
        ),
        ([statements_part(statement()), file_part()], "parts[1].X-Experience-API-Hash"),
        # Each attachment has its file, or says where it is.
        ([statements_part(BOTH), file_part(OTHER)], "attachments[0]"),
        ([statements_part([statement(), BOTH]), file_part()], "[1].attachments[1]"),
        # Nothing but binary.
        (
            [statements_part(WITHOUT_URL), file_part(Content_Transfer_Encoding="base64")],
            "parts[1].Content-Transfer-Encoding",
        ),
        # What both the part and the statement say matches.
        ([statements_part(WITHOUT_URL), file_part(Content_Type="text/html")], "attachments[0].contentType"),
        (
            [statements_part(statement(attachments=[attachment(length=7)])), file_part(Content_Length="27")],
            "attachments[0].length",
        ),
    ],
)
def test_a_body_that_breaks_a_rule_is_refused_with_its_place(
    lms: Door, version: str, parts: list[bytes], path: str
) -> None:
    lms.headers["X-Experience-API-Version"] = version
    assert fault_of(send(lms, *parts)) == path
    assert lms.get().json()["statements"] == []


@pytest.mark.parametrize(
    "body",
    [
        # No boundary before the first part, between the parts, at the end.
        joined(statements_part(WITHOUT_URL), file_part()).partition(b"\r\n")[2],
        joined(statements_part(WITHOUT_URL) + b"\r\n" + file_part()),
        joined(statements_part(WITHOUT_URL), file_part()).removesuffix(f"--{BOUNDARY}--\r\n".encode()),
        joined(statements_part(WITHOUT_URL), file_part(), boundary="another"),
        b"",
    ],
)
def test_every_part_stands_between_boundaries(lms: Door, body: bytes) -> None:
    assert send(lms, body=body).status_code == 400


def test_the_boundary_must_be_named(lms: Door) -> None:
    body = joined(statements_part(WITHOUT_URL), file_part())
    assert fault_of(send(lms, body=body, content_type="multipart/mixed;")) == "Content-Type"


# "An LRS MUST include Attachments in the Transmission Format described above when requested by the Client."


@versions
def test_what_is_sent_out_could_be_sent_in(lms: Door, version: str) -> None:
    lms.headers["X-Experience-API-Version"] = version
    [name, _] = send(lms, statements_part([BOTH, WITHOUT_URL]), file_part(), file_part(OTHER)).json()
    answer = lms.get(statementId=name, attachments="true")
    whole = b"".join(part for part in answer.streaming_content)
    again = send(lms, body=whole, content_type=answer["Content-Type"])
    assert (again.status_code, again.json()) == (200, [name])


def test_a_result_holds_each_file_once(lms: Door) -> None:
    send(lms, statements_part([BOTH, WITHOUT_URL, WITH_URL]), file_part(), file_part(OTHER))
    result, *files = parts_of(lms.get(attachments="true"))
    assert result.headers["Content-Type"] == "application/json"
    assert len(json.loads(result.content)["statements"]) == 3
    assert sorted(file.content for file in files) == sorted([TEXT, OTHER])
    assert {file.headers["Content-Transfer-Encoding"] for file in files} == {"binary"}


def test_the_specification_may_be_quoted(lms: Door) -> None:
    """Its example begins with an empty line, ends without one, and has headers without a space."""
    said = json.dumps(statement(attachments=[attachment(sha2=sha2(TEXT))]))
    body = (
        f"\r\n--{BOUNDARY}\r\nContent-Type:application/json\r\n\r\n{said}\r\n--{BOUNDARY}\r\nContent-Type:text/plain\r\n"
        f"Content-Transfer-Encoding:binary\r\nX-Experience-API-Hash:{sha2(TEXT)}\r\n\r\n{TEXT.decode()}\r\n--{BOUNDARY}--"
    )
    assert send(lms, body=body.encode(), content_type=CONTENT_TYPE).status_code == 200
