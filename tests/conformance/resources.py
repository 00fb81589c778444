"""The resources of the record beside statements, as one client finds them."""

import hashlib
import json
from typing import Any

from tests.learning.conftest import Door

STATE = "/xapi/activities/state"
ACTIVITY_PROFILE = "/xapi/activities/profile"
AGENT_PROFILE = "/xapi/agents/profile"
DOCUMENTS = (STATE, ACTIVITY_PROFILE, AGENT_PROFILE)

COURSE = "https://lms.example/courses/sepsis"
LEARNER = {"account": {"homePage": "https://lms.example/", "name": "7431"}}
REGISTRATION = "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"
AROUND: dict[str, dict[str, Any]] = {
    STATE: {"activityId": COURSE, "agent": LEARNER},
    ACTIVITY_PROFILE: {"activityId": COURSE},
    AGENT_PROFILE: {"agent": LEARNER},
}
NAMES = {STATE: "stateId", ACTIVITY_PROFILE: "profileId", AGENT_PROFILE: "profileId"}


def place(resource: str, name: str | None = "bookmark", **more: Any) -> dict[str, Any]:
    """The parameters of a document, or of all around where it has no name; None leaves one out."""
    whole = AROUND[resource] | {NAMES[resource]: name} | more
    return {name: value for name, value in whole.items() if value is not None}


def tag_of(content: bytes) -> str:
    return f'"{hashlib.sha1(content).hexdigest()}"'  # noqa: S324


class Record:
    """Every resource, by the credential of one door."""

    def __init__(self, door: Door, version: str = "1.0.3") -> None:
        self.door = door
        self.version = version

    def ask(
        self,
        method: str,
        address: str,
        parameters: dict[str, Any] | None = None,
        content: Any = b"",
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        """What is not bytes is sent as JSON. Headers are named with underscores; "" leaves one out."""
        said = {"X-Experience-API-Version": self.version} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        sent = self.door.headers | said
        return self.door.client.generic(
            method,
            address,
            content if isinstance(content, bytes) else json.dumps(content),
            content_type=content_type,
            query_params={
                name: json.dumps(value) if isinstance(value, dict) else value
                for name, value in (parameters or {}).items()
            },
            headers={name: value for name, value in sent.items() if value},
        )

    def keep(self, resource: str, content: Any, *, method: str = "POST", **more: Any) -> None:
        """Keep a document that is not there yet, or merge it into the one that is."""
        name = more.pop("name", "bookmark")
        options = {key: more.pop(key) for key in ("content_type", "If_None_Match") if key in more}
        answer = self.ask(method, resource, place(resource, name, **more), content, **options)
        assert answer.status_code == 204, answer.content

    def read(self, resource: str, name: str | None = "bookmark", **more: Any) -> Any:
        answer = self.ask("GET", resource, place(resource, name, **more))
        assert answer.status_code == 200, answer.content
        return answer.json()
