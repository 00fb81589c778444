import base64
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from learning.actions import create_credential
from learning.keys import key_of
from learning.models import Actor, Credential
from learning.signals import statements_stored, statements_voided
from learning.xapi.actors import account_key
from workforce.models import Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

STATEMENTS = "/xapi/statements"


def statement(**changes: Any) -> dict[str, Any]:
    """A small statement that keeps every rule, with some properties changed; None leaves one out."""
    whole = {
        "actor": {"account": {"homePage": "https://lms.example/", "name": "7431"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}},
        "object": {"id": "https://lms.example/courses/sepsis"},
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


class Door:
    """The Statement Resource, as one credential finds it."""

    def __init__(self, credential: Credential, secret: str) -> None:
        basic = base64.b64encode(f"{credential.key}:{secret}".encode()).decode()
        self.headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"}
        self.credential = credential
        self.client = Client(raise_request_exception=True)

    def get(self, address: str = STATEMENTS, **parameters: Any) -> Any:
        return self.client.get(address, parameters or None, headers=self.headers)

    def post(self, body: Any) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(STATEMENTS, content, content_type="application/json", headers=self.headers)

    def put(self, body: Any, **parameters: Any) -> Any:
        return self.client.put(
            STATEMENTS,
            json.dumps(body),
            content_type="application/json",
            query_params=parameters,
            headers=self.headers,
        )


@pytest.fixture
def door(db: None) -> Callable[..., Door]:
    """Makes a credential and opens the door with it."""

    def open_door(*scopes: str, organisation: Organisation | None = None) -> Door:
        credential, secret = create_credential(
            name="A learning system", scopes=scopes or ["all"], organisation=organisation
        )
        return Door(credential, secret)

    return open_door


@pytest.fixture
def lms(door: Callable[..., Door]) -> Door:
    return door("all")


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes somebody with a post in an organisation; without one, somebody without a post."""

    def make(name: str, organisation: Organisation | None = None) -> User:
        user = User.objects.create_user(None, name=name)
        if organisation:
            tier, _ = Tier.objects.get_or_create(key="frontline", defaults={"label": "Frontline", "order": 3})
            team, _ = Team.objects.get_or_create(
                organisation=organisation, code="W1", defaults={"name": "Ward"}
            )
            membership = Membership.objects.create(user=user, organisation=organisation)
            Post.objects.create(membership=membership, team=team, tier=tier, during=during(date(2020, 1, 1)))
        return user

    return make


@pytest.fixture
def trust(db: None) -> Organisation:
    return Organisation.objects.create(code="ZZ1", name="Marrow Vale", opened=date(2010, 1, 1))


@pytest.fixture
def other_trust(db: None) -> Organisation:
    return Organisation.objects.create(code="ZZ2", name="Tarn Head", opened=date(2010, 1, 1))


@pytest.fixture
def known(person: Callable[..., User]) -> User:
    """Somebody known here, who acts in the statements of these tests."""
    identifier = account_key("https://lms.example/", "7431")
    user = person("Known")
    Actor.objects.create(id=key_of(identifier), identifier=identifier, user=user)
    return user


@pytest.fixture
def told(known: User) -> Iterator[dict[str, list[uuid.UUID]]]:
    """The ids that the record has told the rooms above it about."""
    heard: dict[str, list[uuid.UUID]] = {"stored": [], "voided": []}

    def on_stored(statements: list[Any], **_: Any) -> None:
        heard["stored"] += [statement.id for statement in statements]

    def on_voided(statements: list[Any], **_: Any) -> None:
        heard["voided"] += [statement.id for statement in statements]

    statements_stored.connect(on_stored)
    statements_voided.connect(on_voided)
    yield heard
    statements_stored.disconnect(on_stored)
    statements_voided.disconnect(on_voided)
