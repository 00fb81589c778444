from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.actions import store_statements
from learning.models import Credential, Delivery, Forwarder
from learning.secrets import opened
from workforce.models import User

from .conftest import Door, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("keeper@example.org", "long-enough", name="Keeper"))
    return client


def test_the_scopes_of_a_credential_can_be_changed_later(keeper: Client, lms: Door) -> None:
    address = f"/admin/learning/credential/{lms.credential.pk}/change/"
    keeper.post(address, {"name": "ESR", "scopes": ["statements/write"]})
    assert Credential.objects.get().scopes == ["statements/write"]
    assert lms.get().status_code == 403


def test_a_credential_is_revoked_from_the_list(keeper: Client, lms: Door) -> None:
    keeper.post("/admin/learning/credential/", {"action": "revoke", "_selected_action": [lms.credential.pk]})
    assert lms.get().status_code == 401


# Forwarding


FORM = {
    "name": "Region",
    "is_on": "on",
    "endpoint": "https://lrs.example/xapi",
    "key": "k",
    "secret": "hush-hush",
    "version": "1.0.3",
    "verbs": "https://a.example/did,well\r\n\r\n https://a.example/b ",
    "sends_voiding": "on",
}


def test_a_forwarder_is_made_and_its_secret_never_shown(keeper: Client) -> None:
    add = "/admin/learning/forwarder/add/"
    assert "Give the secret" in keeper.post(add, FORM | {"secret": ""}).content.decode()
    assert "https://" in keeper.post(add, FORM | {"endpoint": "http://lrs.example/xapi"}).content.decode()
    assert "must be an IRI" in keeper.post(add, FORM | {"verbs": "done"}).content.decode()
    keeper.post(add, FORM | {"looked_stored": "2026-03-01T09:30"})
    made = Forwarder.objects.get()
    assert made.looked_stored == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert opened(made.sealed_secret) == "hush-hush"
    assert made.verbs == ["https://a.example/did,well", "https://a.example/b"]
    address = f"/admin/learning/forwarder/{made.pk}/change/"
    assert "hush-hush" not in keeper.get(address).content.decode()


def test_changing_a_forwarder_keeps_its_secret_and_its_place_and_lets_it_go_on(keeper: Client) -> None:
    keeper.post("/admin/learning/forwarder/add/", FORM)
    Forwarder.objects.update(paused_because="It answered 401.", delivered=7, looked_stored=timezone.now())
    made = Forwarder.objects.get()
    keeper.post(f"/admin/learning/forwarder/{made.pk}/change/", FORM | {"name": "Nation", "secret": ""})
    changed = Forwarder.objects.get()
    assert (changed.name, changed.paused_because, changed.delivered) == ("Nation", "", 7)
    assert changed.looked_stored == made.looked_stored
    assert opened(changed.sealed_secret) == "hush-hush"


def test_dead_letters_are_told_with_their_reason_and_sent_again(keeper: Client) -> None:
    keeper.post("/admin/learning/forwarder/add/", FORM)
    made = Forwarder.objects.get()
    refused, waiting = store_statements(statements=[statement(), statement()])
    dead = Delivery.objects.create(
        forwarder=made, statement_id=refused, lane="a", dead_at=timezone.now(), reason="It answered 400: no"
    )
    Delivery.objects.create(forwarder=made, statement_id=waiting, lane="a")
    assert "1 dead letter<" in keeper.get("/admin/learning/forwarder/").content.decode()
    listed = keeper.get(f"/admin/learning/delivery/?forwarder__id__exact={made.pk}").content.decode()
    assert "It answered 400: no" in listed
    assert str(waiting) not in listed
    keeper.post("/admin/learning/delivery/", {"action": "send_again", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert (dead.dead_at, dead.reason) == (None, "")


def test_the_state_of_a_forwarder_is_told_in_words(keeper: Client) -> None:
    keeper.post("/admin/learning/forwarder/add/", FORM)
    states: dict[str, dict[str, Any]] = {
        "Off": {"is_on": False},
        "Paused. It answered 401": {"paused_because": "It answered 401"},
        "after 2 failures. It answered 503": {
            "retry_at": timezone.now(),
            "failures": 2,
            "trouble": "It answered 503",
        },
        "Waiting for its next turn": {},
    }
    usual = {"is_on": True, "paused_because": "", "retry_at": None, "failures": 0, "trouble": ""}
    for words, changes in states.items():
        Forwarder.objects.update(**usual | changes)
        assert words in keeper.get("/admin/learning/forwarder/").content.decode()
    Forwarder.objects.update(paused_because="It answered 401")
    keeper.post(
        "/admin/learning/forwarder/", {"action": "resume", "_selected_action": [Forwarder.objects.get().pk]}
    )
    assert Forwarder.objects.get().paused_because == ""


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_forwarders_costs_the_same_queries(keeper: Client, count: int) -> None:
    for number in range(count):
        Forwarder.objects.create(
            name=f"{number}", endpoint="https://lrs.example/", key="k", sealed_secret="x"
        )
    with CaptureQueriesContext(connection) as queries:
        keeper.get("/admin/learning/forwarder/")
    assert len(queries) == 5  # the session, the keeper, twice how many there are, the page


def test_deleting_a_dead_letter_says_what_that_means(keeper: Client) -> None:
    one = Forwarder.objects.create(name="Region", endpoint="https://lrs.example/xapi", key="k")
    [name] = store_statements(statements=[statement()])
    letter = Delivery.objects.create(
        forwarder=one, statement_id=name, lane="a", dead_at=timezone.now(), reason="It answered 400: no"
    )
    asked = {"action": "delete_selected", "_selected_action": [letter.pk]}
    page = keeper.post("/admin/learning/delivery/", asked).content.decode()
    assert "never sent to that record" in page
    assert f"Statement {name} to Region" in page
