"""OAuth 2.0 client credentials: RFC 6749 sections 4.4 and 5, RFC 6750 section 2.1, Communication 4.2."""

import base64
import time
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.actions import create_credential, end_secret, revoke_credential
from learning.models import Credential, Secret
from workforce.models import Organisation

from .conftest import STATEMENTS, statement

pytestmark = pytest.mark.django_db
TOKEN = "/xapi/oauth/token"
GRANT = {"grant_type": "client_credentials"}


class System:
    """Another system with a key and a secret, on its way to a token."""

    def __init__(self, *scopes: str, organisation: Organisation | None = None) -> None:
        self.credential, self.secret = create_credential(
            name="A system", scopes=scopes or ["all"], organisation=organisation
        )
        pair = base64.b64encode(f"{self.credential.key}:{self.secret}".encode()).decode()
        self.basic = {"Authorization": f"Basic {pair}"}

    def ask(self, **form: Any) -> Any:
        return Client().post(TOKEN, GRANT | form, headers=self.basic)

    def token(self, **form: Any) -> str:
        token: str = self.ask(**form).json()["access_token"]
        return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "X-Experience-API-Version": "1.0.3"}


def read(token: str) -> Any:
    return Client().get(STATEMENTS, headers=bearer(token))


def write(token: str) -> Any:
    return Client().post(STATEMENTS, statement(), content_type="application/json", headers=bearer(token))


def test_key_and_secret_are_changed_for_a_token_that_opens_the_record() -> None:
    answer = System("statements/write", "statements/read/mine").ask()
    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"] == "statements/read/mine statements/write"
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    assert (write(body["access_token"]).status_code, read(body["access_token"]).status_code) == (200, 200)


def test_key_and_secret_may_come_in_the_body() -> None:
    system = System()
    form = GRANT | {"client_id": system.credential.key, "client_secret": system.secret}
    answer = Client().post(TOKEN, form)
    assert answer.status_code == 200
    assert read(answer.json()["access_token"]).status_code == 200


def test_a_client_library_of_others_gets_a_token_and_uses_it(live_server: Any) -> None:
    system = System()
    session = OAuth2Session(system.credential.key, system.secret, scope="all/read")
    got = session.fetch_token(f"{live_server.url}{TOKEN}", grant_type="client_credentials")
    answer = session.get(f"{live_server.url}{STATEMENTS}", headers={"X-Experience-API-Version": "1.0.3"})
    assert (got["scope"], answer.status_code) == ("all/read", 200)


def test_what_a_bearer_wrote_is_vouched_for_by_its_credential() -> None:
    system = System()
    [name] = write(system.token()).json()
    kept = Client().get(STATEMENTS, {"statementId": name}, headers=bearer(system.token())).json()
    assert kept["authority"]["account"]["name"] == system.credential.key


@pytest.mark.parametrize(
    ("held", "asked", "reads", "writes"),
    [
        ("all", "statements/write", 403, 200),
        ("all", "statements/read", 200, 403),
        ("all", "all/read", 200, 403),
        ("all", "state profile define", 403, 403),
        ("all/read", "statements/read/mine", 200, 403),
        ("all", "", 200, 200),
    ],
)
def test_a_token_opens_no_more_than_was_asked_for(held: str, asked: str, reads: int, writes: int) -> None:
    token = System(held).token(scope=asked)
    assert (read(token).status_code, write(token).status_code) == (reads, writes)


@pytest.mark.parametrize(
    "asked", ["all", "statements/write", "statements/read/mine all", "everything", 'é" \\']
)
def test_more_than_the_credential_holds_is_refused(asked: str) -> None:
    answer = System("all/read").ask(scope=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert answer["Cache-Control"] == "no-store"


def test_a_scope_that_the_credential_has_lost_is_lost_to_its_tokens() -> None:
    system = System("all")
    token = system.token()
    Credential.objects.update(scopes=["statements/write"])
    assert (read(token).status_code, write(token).status_code) == (403, 200)


def test_a_token_expires(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.XAPI_TOKEN_SECONDS = 60
    system = System()
    assert system.ask().json()["expires_in"] == 60
    token, now = system.token(), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 58)
    assert read(token).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 62)
    assert read(token).status_code == 401


def test_a_token_ends_with_the_secret_it_came_from() -> None:
    system = System()
    token = system.token()
    end_secret(secret=Secret.objects.get())
    assert read(token).status_code == 401
    assert system.ask().status_code == 401


def test_a_token_ends_with_its_credential() -> None:
    system = System()
    token = system.token()
    revoke_credential(credential=system.credential)
    assert read(token).status_code == 401
    assert system.ask().status_code == 401


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(None, 10)])
def test_a_token_that_was_touched_opens_nothing(cut: slice) -> None:
    answer = read(System().token()[cut])
    assert answer.status_code == 401
    assert "Bearer" in answer["WWW-Authenticate"]


def test_a_token_costs_no_more_queries_than_a_secret() -> None:
    system = System()
    token = system.token()
    with CaptureQueriesContext(connection) as by_token:
        read(token)
    with CaptureQueriesContext(connection) as by_secret:
        Client().get(STATEMENTS, headers=system.basic | {"X-Experience-API-Version": "1.0.3"})
    assert len(by_token) == len(by_secret)


# What is wrong is said in the words of RFC 6749, 5.2


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic é", "Basic eDp5", "Basic eA==", "Basic AAA6eA==", "Basic /w==", "Bearer x"],
)
def test_who_is_not_known_is_refused_with_a_challenge(authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = Client().post(TOKEN, GRANT, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith('Basic realm="xAPI", error="invalid_client"')
    assert answer["Cache-Control"] == "no-store"


def test_a_wrong_secret_in_the_body_is_refused() -> None:
    form = GRANT | {"client_id": System().credential.key, "client_secret": "\x00wrong"}
    answer = Client().post(TOKEN, form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "invalid_request"),
        ("scope=all", "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&scope=all&scope=state", "invalid_request"),
        ("grant_type=client_credentials&client_id=x&client_secret=y", "invalid_request"),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=%22%C3%A9%5C%00", "unsupported_grant_type"),
    ],
)
def test_a_request_that_is_not_understood_says_why(form: str, error: str) -> None:
    answer = Client().post(
        TOKEN, form, content_type="application/x-www-form-urlencoded", headers=System().basic
    )
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("multipart/form-data", "x"),
        ("application/x-www-form-urlencoded", "&".join(f"a{number}=1" for number in range(2000))),
        ("application/x-www-form-urlencoded", "a=" + "x" * 3_000_000),
        ("application/x-www-form-urlencoded; charset=utf-16", "grant_type=client_credentials"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_as_the_standard_says(content_type: str, form: str) -> None:
    answer = Client().post(TOKEN, form, content_type=content_type, headers=System().basic)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_who_sends_too_large_a_form_may_finish_speaking_first(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    read = HttpRequest.read

    def listening(self: Any, *sizes: int) -> bytes:
        heard.append(read(self, *sizes))
        return bytes(heard[-1])

    monkeypatch.setattr(HttpRequest, "read", listening)
    answer = Client().post(TOKEN, "a=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, sum(map(len, heard))) == (400, 3_000_002)


def test_where_the_database_is_away_the_system_is_told_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("the connection is closed")

    system = System()
    monkeypatch.setattr("learning.views.oauth.secret_of", fail)
    answer = system.ask()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_nothing_is_read_from_the_address() -> None:
    system = System()
    query = {"client_id": system.credential.key, "client_secret": system.secret}
    answer = Client().post(TOKEN, GRANT, query_params=query)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert Client().post(TOKEN, {"x": "y"}, query_params=GRANT, headers=system.basic).status_code == 400


def test_a_token_is_only_posted_for() -> None:
    assert Client().get(TOKEN).status_code == 405


def test_two_systems_have_two_tokens(trust: Organisation) -> None:
    national, local = System("all"), System("all", organisation=trust)
    [name] = write(national.token()).json()
    assert (
        Client().get(STATEMENTS, {"statementId": name}, headers=bearer(national.token())).status_code == 200
    )
    assert Client().get(STATEMENTS, {"statementId": name}, headers=bearer(local.token())).status_code == 404


def test_the_request_may_come_through_a_proxy_that_ends_tls() -> None:
    answer = Client().post(TOKEN, GRANT, headers=System().basic | {"Host": "localhost"})
    assert answer.status_code == 200
