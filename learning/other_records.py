"""Speaking to another record: what goes over the wire, and nothing of what is kept here."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import msgspec
import requests
from requests.auth import HTTPBasicAuth

from .xapi.multipart import CHUNK, OutgoingFile, multipart_length, write_multipart

# Seconds to be connected, and between two parts of an answer.
TIMEOUT = (10, 60)
LONGEST_ANSWER = 1024 * 1024
# What the other record says itself, of every statement.
_ITS_OWN = ("stored", "authority")


class Unreachable(Exception):
    """No answer came; the message says why in words."""


class Answer(NamedTuple):
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class OtherRecord:
    endpoint: str
    key: str
    secret: str
    version: str

    def send(self, payloads: Sequence[str], files: Sequence[OutgoingFile] = ()) -> Answer:
        """POST statements and the files that they need, all or none. Raises Unreachable."""
        text = "[" + ",".join(outgoing(payload, self.version) for payload in payloads) + "]"
        body = text.encode()
        if not files:
            return self._ask("POST", data=body, headers={"Content-Type": "application/json"})
        boundary = secrets.token_hex(16)
        length = multipart_length(boundary, [body], files)
        mixed = _Body(length, write_multipart(boundary, [body], files))
        return self._ask(
            "POST", data=mixed, headers={"Content-Type": f"multipart/mixed; boundary={boundary}"}
        )

    def has(self, statement_id: UUID) -> Answer:
        """Its statement with this id, standing or voided. Raises Unreachable."""
        answer = self._ask("GET", params={"statementId": str(statement_id)})
        return (
            answer
            if answer.status != 404
            else self._ask("GET", params={"voidedStatementId": str(statement_id)})
        )

    def _ask(self, method: str, headers: Mapping[str, str] | None = None, **words: object) -> Answer:
        try:
            with requests.request(
                method,
                f"{self.endpoint.rstrip('/')}/statements",
                auth=HTTPBasicAuth(self.key.encode(), self.secret.encode()),
                headers={"X-Experience-API-Version": self.version} | dict(headers or {}),
                timeout=TIMEOUT,
                allow_redirects=False,  # who redirects gets neither the secret nor the statements
                stream=True,
                **words,  # type: ignore[arg-type]
            ) as response:
                return Answer(response.status_code, _start_of(response), response.headers)
        except (requests.RequestException, UnicodeError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}"[:500]) from None


@dataclass(frozen=True)
class _Body:
    """Read while it is sent, under a length that is told first: not every server takes a body without one."""

    length: int
    chunks: Iterable[bytes]

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[bytes]:
        """In small pieces: each has as long as a connection may take."""
        for chunk in self.chunks:
            for start in range(0, len(chunk), CHUNK):
                yield chunk[start : start + CHUNK]


def _start_of(response: requests.Response) -> str:
    """As much of an answer as we care for, however long it is."""
    text = bytearray()
    for part in response.iter_content(64 * 1024):
        text += part
        if len(text) >= LONGEST_ANSWER:
            break
    return text.decode(errors="replace")


def outgoing(payload: str, version: str) -> str:
    """A statement as it leaves: each property as it was received, without what the other record sets itself."""
    properties = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    for name in _ITS_OWN:
        properties.pop(name, None)
    if bytes(properties.get("version", b'""'))[1:2] != version[:1].encode():
        properties.pop("version", None)
    return msgspec.json.encode(properties).decode()
