"""Data 2.6, Signed Statements, through the door. What a signature may be like: tests/learning/test_signatures.py."""

from typing import Any

import pytest

from tests.learning.conftest import Door, statement
from tests.learning.mixed import file_part, parts_of, send, statements_part
from tests.learning.signing import certificate, signature, signed

versions = pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])


def sent(lms: Door, version: str, file: bytes, **changes: Any) -> Any:
    lms.headers["X-Experience-API-Version"] = version
    body = signed(statement(), file, **changes)
    kind = body["attachments"][0]["contentType"]
    return send(lms, statements_part(body), file_part(file, Content_Type=kind))


@versions
@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_a_signed_statement_is_kept_with_its_signature(lms: Door, version: str, algorithm: str) -> None:
    file = signature(statement(), algorithm, x5c=[certificate()])
    [name] = sent(lms, version, file).json()
    assert parts_of(lms.get(statementId=name, attachments="true"))[1].content == file


@versions
@pytest.mark.parametrize(
    ("file", "changes"),
    [
        (signature(statement()), {"contentType": "text/plain"}),
        (b"no signature", {}),
        (signature(b'{"actor": '), {}),
        (signature(statement(), "HS256"), {}),
        (signature(statement(result={"success": True})), {}),
        (signature(statement(), x5c=[certificate(2)]), {}),
    ],
)
def test_a_malformed_signature_is_refused(
    lms: Door, version: str, file: bytes, changes: dict[str, Any]
) -> None:
    answer = sent(lms, version, file, **changes)
    assert (answer.status_code, answer.json()["path"].startswith("attachments[0]")) == (400, True)
    assert lms.get().json()["statements"] == []


def test_a_signature_cannot_stay_behind(lms: Door) -> None:
    body = signed(statement(), signature(statement()), fileUrl="https://example.org/signature")
    assert lms.post(body).json()["path"] == "attachments[0]"
