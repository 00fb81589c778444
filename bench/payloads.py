"""Statements as a cmi5 course sends them, about 880 bytes each, and the requests that carry them."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from learning.keys import key_of
from learning.xapi.actors import account_key

PLATFORM = "https://lms.example.nhs.uk"
VERBS = ("initialized", "progressed", "completed", "passed", "terminated")
VERB = "http://adlnet.gov/expapi/verbs/"
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
ACTIVITIES = 200
PEOPLE = 2_000
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)

_BODY = (
    '{"id":"%(id)s","actor":{"account":{"homePage":"' + PLATFORM + '","name":"%(person)s"}},'
    '"verb":{"id":"' + VERB + '%(verb)s","display":{"en":"%(verb)s"}},'
    '"object":{"objectType":"Activity","id":"%(activity)s","definition":{"type":'
    '"http://adlnet.gov/expapi/activities/lesson","name":{"en-GB":"Lesson %(lesson)s of the course"}}},'
    '"result":{"score":{"scaled":0.%(score)s},"duration":"PT%(minutes)sM","completion":true,"success":true},'
    '"context":{"registration":"%(registration)s","contextActivities":{"grouping":[{"id":"%(course)s"}],'
    '"category":[{"id":"' + CATEGORY + '"}]},"language":"en-GB","extensions":{'
    '"https://w3id.org/xapi/cmi5/context/extensions/sessionid":"%(session)s"}},'
    '"timestamp":"%(timestamp)s"}'
)  # fmt: skip


class Payload(NamedTuple):
    """One statement, and what a record keeps beside it."""

    id: str
    body: str
    person: int
    verb: str
    activity: str
    course: str
    registration: str
    timestamp: datetime

    @property
    def actor_id(self) -> UUID:
        return actor_id(self.person)


def payloads(seed: int, people: int = PEOPLE) -> Iterator[Payload]:
    """Statements without end, the same for the same seed: every id is fresh, and names come again."""
    random = Random(seed)  # noqa: S311 nothing here is secret
    count = 0
    while True:
        yield _payload(random, count, people)
        count += 1


def course_of(number: int) -> str:
    return f"{PLATFORM}/courses/{number % 20}"


def activity_named(number: int) -> str:
    return f"{course_of(number)}/lessons/{number}"


def account_of(person: int) -> str:
    return f"{person:08}"


def actor_id(person: int) -> UUID:
    return key_of(account_key(PLATFORM, account_of(person)))


def evident_payload(seed: int) -> Payload:
    """A statement that shows a capability of somebody who is known: one in a thousand of the others does."""
    return _made(Random(seed), BEGAN, 0, 0, "passed")  # noqa: S311 nothing here is secret


def _payload(random: Random, count: int, people: int) -> Payload:
    number, person = random.randrange(ACTIVITIES), random.randrange(people)
    return _made(random, BEGAN + timedelta(seconds=count), number, person, random.choice(VERBS))


def _made(random: Random, moment: datetime, number: int, person: int, verb: str) -> Payload:
    values = {
        "id": _uuid(random.getrandbits(128)),
        "person": account_of(person),
        "verb": verb,
        "activity": activity_named(number),
        "lesson": number,
        "score": random.randrange(50, 100),
        "minutes": random.randrange(1, 60),
        "registration": _uuid(person << 64 | number % 20),
        "course": course_of(number),
        "session": _uuid(random.getrandbits(128)),
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return Payload(
        str(values["id"]),
        _BODY % values,
        person,
        VERB + verb,
        activity_named(number),
        course_of(number),
        str(values["registration"]),
        moment,
    )


def _uuid(bits: int) -> str:
    """A random UUID (version 4) from 128 bits, in a tenth of the time that the class takes."""
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


class Caller(NamedTuple):
    """Writes requests as one credential sends them."""

    host: str
    authorization: str

    def post(self, bodies: list[str]) -> bytes:
        body = (bodies[0] if len(bodies) == 1 else f"[{','.join(bodies)}]").encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return self._head("POST", "/xapi/statements", kind) + body

    def post_with_file(self, body: str, size: int) -> bytes:
        """One statement with an attachment of so many bytes."""
        file = b"x" * size
        digest = hashlib.sha256(file).hexdigest()
        named = {
            "usageType": f"{PLATFORM}/files",
            "display": {"en-GB": "A file"},
            "contentType": "text/plain",
            "length": size,
            "sha2": digest,
        }
        said = f'{body[:-1]},"attachments":[{json.dumps(named)}]}}'
        parts = (
            f"--end\r\nContent-Type: application/json\r\n\r\n{said}\r\n--end\r\nContent-Type: text/plain\r\n"
            f"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {digest}\r\n\r\n"
        ).encode()
        content = b"".join((parts, file, b"\r\n--end--\r\n"))
        kind = f"Content-Type: multipart/mixed; boundary=end\r\nContent-Length: {len(content)}\r\n"
        return self._head("POST", "/xapi/statements", kind) + content

    def get(self, address: str) -> bytes:
        return self._head("GET", address, "")

    def _head(self, method: str, address: str, more: str) -> bytes:
        return (
            f"{method} {address} HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: {self.authorization}\r\n"
            f"X-Experience-API-Version: 1.0.3\r\n{more}\r\n"
        ).encode()


def agent(person: int) -> str:
    """An agent as the parameter of an address says it."""
    return json.dumps({"account": {"homePage": PLATFORM, "name": account_of(person)}})
