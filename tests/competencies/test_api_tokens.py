"""Tokens: a person lets a program in, sees that, and ends it; the program is that person and nobody more."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from competencies.api.actions import MOST_TOKENS, end_token, make_token
from competencies.models import AccessToken
from workforce.models import User

PAGE = "/account/programs/"
ASKED = {"name": "My portfolio", "may": "read", "days": "90"}


def me(client: Client, secret: str) -> int:
    return client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code


def token_for(user: User, may: str = "read", days: int = 90) -> str:
    return make_token(user=user, name="My portfolio", may=may, days=days)[1]


def test_the_secret_is_shown_once_and_kept_nowhere(client: Client, learner: User) -> None:
    client.force_login(learner)
    page = client.post(PAGE, ASKED)
    token = AccessToken.objects.get()
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert secret not in client.get(PAGE).content.decode()
    assert secret not in str(AccessToken.objects.values().get())
    assert (token.ends_at - token.made_at).days == 90
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_a_program_is_let_in_with_it_and_its_day_of_use_is_shown(client: Client, learner: User) -> None:
    secret = token_for(learner)
    assert "Not used yet" in signed_in(learner).get(PAGE).content.decode()
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json() == {
        "id": str(learner.uuid),
        "name": "Lena Learner",
        "may": "read",
        "ends": timezone.localdate(AccessToken.objects.get().ends_at).isoformat(),
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert AccessToken.objects.get().last_used == timezone.localdate()
    assert "Last used" in signed_in(learner).get(PAGE).content.decode()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_finding_out_who_asks_is_one_query_and_one_write_a_day(
    client: Client, learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    secret = token_for(learner)
    with django_assert_num_queries(2):
        assert me(client, secret) == 200
    with django_assert_num_queries(1):
        assert me(client, secret) == 200


def test_its_person_ends_it_at_once_and_nobody_else_can(
    client: Client, learner: User, outsider: User
) -> None:
    secret = token_for(learner)
    token = AccessToken.objects.get()
    address = f"{PAGE}{token.uuid}/end/"
    assert signed_in(outsider).post(address).status_code == 404
    with pytest.raises(ValidationError, match="Only the person"):
        end_token(token=token, by=outsider)
    assert me(client, secret) == 200
    page = signed_in(learner).post(address, follow=True).content.decode()
    assert "My portfolio can no longer come in" in page
    assert "ended by you" in page
    assert me(client, secret) == 401


def test_it_ends_on_its_day(client: Client, learner: User) -> None:
    long_ago = timezone.now() - timedelta(days=91)
    _, secret = make_token(user=learner, name="Old", may="read", days=90, at=long_ago)
    assert me(client, secret) == 401


def test_an_account_that_is_closed_lets_nobody_in(client: Client, learner: User) -> None:
    secret = token_for(learner)
    User.objects.filter(pk=learner.pk).update(is_active=False)
    assert me(client, secret) == 401


def test_a_secret_made_with_the_key_before_still_opens(
    client: Client, learner: User, settings: Settings
) -> None:
    secret = token_for(learner)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key"
    assert me(client, secret) == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert me(client, secret) == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nothing", "Basic bmFtZTp3b3Jk", "Bearer \x00"])
def test_without_a_token_in_force_the_answer_says_what_to_do(client: Client, db: None, header: str) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Access for programs" in answer.json()["detail"]


def test_no_token_is_taken_from_an_address(client: Client, learner: User) -> None:
    secret = token_for(learner)
    assert client.get(f"/api/v1/me?token={secret}&access_token={secret}").status_code == 401


def test_who_is_signed_in_may_read_but_not_act_without_a_token(learner: User) -> None:
    """No other site can use a browser's session: what acts asks for a token."""
    client = signed_in(learner)
    assert client.get("/api/v1/me").json()["may"] == "read"
    here = f"/api/v1/verification/{learner.uuid}/confirm"
    assert client.post(here).status_code == 401
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Name the program"),
        ({"may": "everything"}, "everything is not one of"),
        ({"days": "4000"}, "4000 is not one of"),
    ],
)
def test_the_page_says_what_is_missing(
    client: Client, learner: User, changes: dict[str, str], said: str
) -> None:
    client.force_login(learner)
    page = client.post(PAGE, ASKED | changes)
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("days", [0, 367])
def test_a_token_lasts_a_year_at_most(learner: User, days: int) -> None:
    with pytest.raises(ValidationError, match="from 1 to 366 days"):
        token_for(learner, days=days)


def test_a_person_has_ten_at_most(client: Client, learner: User) -> None:
    for _ in range(MOST_TOKENS):
        token_for(learner)
    client.force_login(learner)
    assert "End one that you no longer need" in client.post(PAGE, ASKED).content.decode()
    assert AccessToken.objects.count() == MOST_TOKENS


@pytest.mark.parametrize(
    "broken",
    [
        {"may": "everything"},
        {"ends_at": timezone.now() + timedelta(days=400)},
        {"ended_at": timezone.now() - timedelta(days=2)},
    ],
)
def test_the_database_refuses_what_a_token_cannot_be(learner: User, broken: dict[str, object]) -> None:
    token_for(learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessToken.objects.update(**broken)
