import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.actions import add_secret, create_credential, end_secret, revoke_credential
from learning.models import Credential, Secret
from learning.queries import credential_of
from learning.secrets import CannotOpen, opened, sealed
from workforce.models import Organisation, User

from .conftest import Door

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("keeper@example.org", "long-enough", name="Keeper"))
    return client


def only_secret(credential: Credential) -> Secret:
    return Secret.objects.get(credential=credential)


# Rotation


def test_a_second_secret_works_beside_the_first_until_the_first_is_ended(lms: Door) -> None:
    first = only_secret(lms.credential)
    changed = Door(lms.credential, add_secret(credential=lms.credential))
    assert (lms.get().status_code, changed.get().status_code) == (200, 200)
    end_secret(secret=first)
    assert (lms.get().status_code, changed.get().status_code) == (401, 200)


def test_there_are_two_secrets_at_most(lms: Door) -> None:
    add_secret(credential=lms.credential)
    with pytest.raises(ValidationError, match="End the older one first"):
        add_secret(credential=lms.credential)
    end_secret(secret=Secret.objects.earliest("pk"))
    assert add_secret(credential=lms.credential)


def test_a_revoked_credential_gets_no_new_secret(lms: Door) -> None:
    revoke_credential(credential=lms.credential)
    with pytest.raises(ValidationError, match="revoked for good"):
        add_secret(credential=lms.credential)


def test_who_made_and_ended_a_secret_is_kept_and_the_first_ending_stands(person: Callable[..., User]) -> None:
    asha, boris = person("Asha"), person("Boris")
    credential, _ = create_credential(name="ESR", scopes=["all"], by=asha)
    secret = only_secret(credential)
    end_secret(secret=secret, by=boris)
    ended_at = secret.ended_at
    end_secret(secret=secret, by=asha)
    assert (secret.created_by, secret.ended_by, secret.ended_at) == (asha, boris, ended_at)
    revoke_credential(credential=credential, by=boris)
    assert credential.revoked_by == boris


def test_no_secret_is_kept_as_it_is() -> None:
    _, secret = create_credential(name="ESR", scopes=["all"])
    kept = Secret.objects.get()
    assert secret not in kept.digest
    assert len(kept.digest) == 64


def test_scopes_are_those_of_the_specification() -> None:
    statements = ["statements/write", "statements/read/mine", "statements/read"]
    names = [*statements, "state", "define", "profile", "all/read", "all"]
    assert list(Credential.Scope.values) == names
    credential, _ = create_credential(name="Everything", scopes=names)
    assert credential.scopes == sorted(names)
    for wrong in ([], ["everything"]):
        with pytest.raises(ValidationError, match="one or more of these scopes"):
            create_credential(name="Wrong", scopes=wrong)


# The way in


def test_coming_in_costs_one_query(lms: Door, trust: Organisation) -> None:
    credential, secret = create_credential(name="Trust", scopes=["all"], organisation=trust)
    header = Door(credential, secret).headers["Authorization"]
    with CaptureQueriesContext(connection) as queries:
        found = credential_of(header)
        assert found
        assert found.organisation == trust
    assert len(queries) == 1


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !",
        "Basic eDp5",
        "Basic eA==",
        "Basic AAA6eA==",
        "Basic é",
        "Digest x",
        "Bearer",
        "Bearer é.e.e",
    ],
)
def test_what_is_no_credential_opens_nothing(authorization: str) -> None:
    assert credential_of(authorization) is None


def test_the_last_day_of_use_is_kept_with_one_write_a_day(
    lms: Door, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        lms.get()
    assert only_secret(lms.credential).last_used == timezone.localdate()
    with django_capture_on_commit_callbacks() as writes:
        lms.get()
    assert writes == []
    Secret.objects.update(last_used=date(2020, 1, 1))
    with django_capture_on_commit_callbacks(execute=True):
        lms.get()
    assert only_secret(lms.credential).last_used == timezone.localdate()


def test_secrets_stay_good_while_the_service_changes_its_own_key(lms: Door, settings: Any) -> None:
    token = sealed("word")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert lms.get().status_code == 200
    assert opened(token) == "word"
    settings.SECRET_KEY_FALLBACKS = []
    assert lms.get().status_code == 401
    with pytest.raises(CannotOpen):
        opened(token)


# In the administration site


def shown_in(page: Any) -> str:
    found = re.search(r'id="secret">([^<]+)<', page.content.decode())
    assert found
    return found[1]


def test_a_secret_is_shown_on_a_page_that_nothing_keeps(keeper: Client, trust: Organisation) -> None:
    form = {"name": "ESR", "organisation": trust.pk, "scopes": ["statements/write", "statements/read/mine"]}
    page = keeper.post("/admin/learning/credential/add/", form)
    secret = shown_in(page)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    credential = Credential.objects.get()
    assert Door(credential, secret).get().status_code == 200
    assert secret not in str(dict(keeper.session))
    assert not keeper.cookies.get("messages")
    for path in ("", f"{credential.pk}/change/", f"{credential.pk}/history/"):
        assert secret not in keeper.get(f"/admin/learning/credential/{path}").content.decode()


def test_a_keeper_changes_secrets_without_a_gap(keeper: Client, lms: Door) -> None:
    address = f"/admin/learning/credential/{lms.credential.pk}"
    first = only_secret(lms.credential)
    changed = Door(lms.credential, shown_in(keeper.post(f"{address}/secret/")))
    assert "End the older one first" in keeper.post(f"{address}/secret/", follow=True).content.decode()
    assert "shut out at once" in keeper.get(f"{address}/secret/{first.pk}/end/").content.decode()
    assert lms.get().status_code == 200
    keeper.post(f"{address}/secret/{first.pk}/end/")
    assert (lms.get().status_code, changed.get().status_code) == (401, 200)
    first.refresh_from_db()
    assert first.ended_by == User.objects.get(name="Keeper")
    history = keeper.get(f"{address}/history/").content.decode()
    assert "Made one more secret." in history
    assert f"Ended Secret {first.pk}." in history


def test_who_may_only_look_makes_and_ends_nothing(client: Client, lms: Door) -> None:
    client.force_login(User.objects.create_user("looker@example.org", name="Looker", is_staff=True))
    address = f"/admin/learning/credential/{lms.credential.pk}/secret/"
    secret = only_secret(lms.credential)
    assert client.post(address).status_code == 403
    assert client.post(f"{address}{secret.pk}/end/").status_code == 403
    assert client.get(address).status_code == 405
    assert lms.get().status_code == 200


def test_a_secret_is_ended_only_under_its_own_credential(keeper: Client, door: Callable[..., Door]) -> None:
    one, other = door("all"), door("all")
    foreign = only_secret(other.credential)
    address = f"/admin/learning/credential/{one.credential.pk}/secret/{foreign.pk}/end/"
    assert keeper.post(address).status_code == 404
    assert other.get().status_code == 200
