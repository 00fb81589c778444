import pytest
from django.test import Client

from learning.actions import store_statements
from learning.models import Credential
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


def test_statements_can_be_looked_at_and_not_changed(keeper: Client) -> None:
    [statement_id] = store_statements(statements=[statement()])
    address = f"/admin/learning/statement/{statement_id}/change/"
    page = keeper.get(address)
    assert "courses/sepsis" in page.content.decode()
    assert keeper.post(address, {"verb": "a:b"}).status_code == 403
    assert keeper.get("/admin/learning/statement/").status_code == 200
    assert keeper.get("/admin/learning/statement/add/").status_code == 403
