from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.workforce.conftest import START
from workforce.actions import grant, open_post
from workforce.models import Grant, Membership, Organisation, Team, Tier, User

OURS = sorted(
    model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "workforce"
)


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root@zz1.example", name="Root"))
    return client


@pytest.mark.parametrize("model", OURS)
def test_lists_open_and_search(
    model: str, administrator: Client, member: Callable[[str], Membership], ward: Team, frontline: Tier
) -> None:
    alice = member("Alice")
    open_post(membership=alice, team=ward, tier=frontline, start=START)
    grant(user=alice.user, role=Grant.Role.TEAM_LEAD, scope=ward, start=START)
    address = reverse(f"admin:workforce_{model}_changelist")

    assert administrator.get(address).status_code == 200
    assert administrator.get(address, {"q": "alice"}).status_code == 200


def test_organisation_is_never_deleted(administrator: Client, trust: Organisation) -> None:
    address = reverse("admin:workforce_organisation_delete", args=[trust.pk])

    assert administrator.post(address, {"post": "yes"}).status_code == 403
    assert Organisation.objects.filter(pk=trust.pk).exists()


def test_posts_are_looked_at_and_not_edited(
    administrator: Client, member: Callable[[str], Membership], ward: Team, frontline: Tier
) -> None:
    post = open_post(membership=member("Alice"), team=ward, tier=frontline, start=START)
    address = reverse("admin:workforce_post_change", args=[post.pk])

    assert administrator.get(address).status_code == 200
    assert administrator.post(address, {"engagement": "bank"}).status_code == 403


def test_account_is_made_with_an_address_in_lower_case(administrator: Client) -> None:
    new = {
        "name": "New",
        "email": "New@zz1.example",
        "usable_password": "false",
        "password1": "",
        "password2": "",
    }

    assert administrator.post(reverse("admin:workforce_user_add"), new).status_code == 302
    assert User.objects.get(name="New").email == "new@zz1.example"


def test_grant_says_who_gave_it(
    administrator: Client, member: Callable[[str], Membership], trust: Organisation
) -> None:
    given = {
        "user": member("Carol").user.pk,
        "role": "capability_lead",
        "organisation": trust.pk,
        "during_0": "2026-11-01",
        "during_1": "",
    }

    assert administrator.post(reverse("admin:workforce_grant_add"), given).status_code == 302
    assert Grant.objects.get().granted_by == User.objects.get(name="Root")
