"""Badges: what is in them, who signed them, and how long they stand. Checked without the code that made them."""

import base64
import gzip
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from competencies.actions import rebuild_evidence
from competencies.models import Badge, Capability, SigningKey
from competencies.passport.actions import change_signing_key, issue_badges
from competencies.passport.openbadges import encoded
from learning.actions import void_statement
from learning.models import Actor
from workforce.models import User

pytestmark = pytest.mark.usefixtures("signing_key")
Show = Callable[..., UUID]
TODAY = timezone.localdate()
LAST_YEAR = TODAY - timedelta(days=365)
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def learner(db: None) -> User:
    return User.objects.create(name="Lena Learner", email="lena@example.org")


@pytest.fixture
def shown(learner: User, show: Show) -> UUID:
    """The statement by which the learner holds SS-1 at level 2."""
    return show(learner, "SS-1", 2, LAST_YEAR)


@pytest.fixture
def badge(learner: User, shown: UUID) -> Badge:
    return issue_badges(user=learner, with_name=False)[0]


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _ = token.split(".")
    return json.loads(decoded(header)), json.loads(decoded(payload))


def verify_as_others_do(client: Client, token: str) -> dict[str, Any]:
    """Fetch the key that the text names, and check the signature with nothing but RSA. Raises InvalidSignature."""
    header, payload = parts(token)
    assert header["alg"] == "RS256"
    key = client.get(header["kid"].removeprefix(SITE)).json()
    numbers = (int.from_bytes(decoded(key[n]), "big") for n in ("e", "n"))
    message, _, signature = token.rpartition(".")
    rsa.RSAPublicNumbers(*numbers).public_key().verify(
        decoded(signature), message.encode(), padding.PKCS1v15(), SHA256()
    )
    return payload


def is_withdrawn(client: Client, badge: Badge) -> bool:
    """As a verifier finds out: by the list that the badge names."""
    entry = parts(badge.signed)[1]["credentialStatus"]
    answer = client.get(entry["statusListCredential"].removeprefix(SITE))
    assert answer["Content-Type"] == "application/vc+jwt"
    subject = verify_as_others_do(client, answer.content.decode())["credentialSubject"]
    assert subject["statusPurpose"] == entry["statusPurpose"] == "revocation"
    bits = gzip.decompress(decoded(subject["encodedList"].removeprefix("u")))
    assert len(bits) * 8 == 131_072
    place = int(entry["statusListIndex"])
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


def void(statement: UUID) -> None:
    keeper, _ = User.objects.get_or_create(name="Keeper of the record")
    void_statement(statement_id=statement, by=keeper, reason="A mistake")


def check(client: Client, token: str) -> str:
    return client.post("/badges/check/", {"badge": token}).content.decode()


def test_a_badge_is_an_achievement_credential_aligned_to_the_capability(
    client: Client, learner: User, badge: Badge
) -> None:
    content = verify_as_others_do(client, badge.signed)
    capability = Capability.objects.get(code="SS-1")
    assert content["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert content["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert content["id"] == f"{SITE}/badges/{badge.uuid}/"
    assert content["issuer"] == {
        "id": f"{SITE}/badges/issuer/",
        "type": ["Profile"],
        "name": "Promise to Learn",
        "url": SITE,
        "email": "help@promise-to-learn.example",
    }
    achievement = content["credentialSubject"]["achievement"]
    assert set(achievement) >= {"id", "type", "name", "description", "criteria", "alignment"}
    assert achievement["id"] == f"{capability.iri}#level-2"
    assert achievement["criteria"]["narrative"].startswith("Level 2, ")
    (alignment,) = achievement["alignment"]
    assert (alignment["targetUrl"], alignment["targetCode"]) == (capability.iri, "SS-1")
    assert content["evidence"] == [{"type": ["Evidence"], "name": "Passed the check"}]


def test_the_claims_of_the_token_repeat_what_the_credential_says(badge: Badge) -> None:
    """Open Badges 3.0, 8.2.6: a verifier refuses a badge in which they differ."""
    header, content = parts(badge.signed)
    assert header == {"alg": "RS256", "typ": "JWT", "kid": f"{SITE}/badges/keys/{badge.key.uuid}/"}
    assert (content["iss"], content["jti"]) == (content["issuer"]["id"], content["id"])
    assert content["sub"] == content["credentialSubject"]["id"]
    for claim, name in (("nbf", "validFrom"), ("exp", "validUntil")):
        moment = datetime.fromisoformat(content[name])
        assert content[claim] == moment.timestamp()
    assert timezone.localdate(datetime.fromisoformat(content["validFrom"])) == LAST_YEAR


def test_a_badge_names_nobody_unless_its_person_chose_so(learner: User, badge: Badge) -> None:
    account = Actor.objects.get(user=learner, is_own=True).identifier.rpartition("|")[2]
    content = parts(badge.signed)[1]
    assert content["credentialSubject"]["id"] == f"urn:uuid:{account}"
    for private in ("Lena", "lena@example.org", str(learner.uuid)):
        assert private not in json.dumps(content)
    (named,) = issue_badges(user=learner, with_name=True)
    (identifier,) = parts(named.signed)[1]["credentialSubject"]["identifier"]
    assert (identifier["identityType"], identifier["identityHash"]) == ("name", "Lena Learner")


def test_what_was_signed_is_not_signed_again(learner: User, badge: Badge, show: Show) -> None:
    assert issue_badges(user=learner, with_name=False) == []
    show(learner, "SS-2", 1, LAST_YEAR)
    assert [new.capability.code for new in issue_badges(user=learner, with_name=False)] == ["SS-2"]
    rebuild_evidence()
    assert issue_badges(user=learner, with_name=False) == []


def test_a_changed_badge_is_refused(client: Client, badge: Badge) -> None:
    header, payload, signature = badge.signed.split(".")
    content = json.loads(decoded(payload)) | {"name": "Everything, level 4"}
    changed = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    forged = f"{header}.{changed}.{signature}"
    with pytest.raises(InvalidSignature):
        verify_as_others_do(client, forged)
    assert "This is not a badge of ours" in check(client, forged)


@pytest.mark.parametrize(
    "junk", ["x", "a.b.c", "e30.e30.e30", "W10.e30.x", "eyJhbGciOiJub25lIn0.e30.", "é.ß.x", "\x00.\x00.\x00"]
)
def test_what_is_no_badge_is_told_so(client: Client, badge: Badge, junk: str) -> None:
    answer = client.post("/badges/check/", {"badge": junk})
    assert answer.status_code in (200, 422)
    assert "We signed this badge" not in answer.content.decode()


def test_a_badge_of_no_algorithm_or_a_shared_secret_is_refused(client: Client, badge: Badge) -> None:
    _, payload, signature = badge.signed.split(".")
    for algorithm in ("none", "HS256"):
        header = json.dumps({"alg": algorithm, "kid": f"{SITE}/badges/keys/{badge.key.uuid}/"})
        other = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
        assert "This is not a badge of ours" in check(client, f"{other}.{payload}.{signature}")


def test_the_page_for_checking_says_what_a_good_badge_is(client: Client, learner: User, badge: Badge) -> None:
    wrapped = "\n".join(badge.signed[start : start + 70] for start in range(0, len(badge.signed), 70))
    page = check(client, wrapped)
    assert "Good today" in page
    assert "The badge holds no name." in page
    (named,) = issue_badges(user=learner, with_name=True)
    assert "The badge was signed for Lena Learner." in check(client, named.signed)


def test_nothing_given_to_check_is_told_how_to_go_on(client: Client) -> None:
    answer = client.post("/badges/check/", {"badge": ""})
    assert (answer.status_code, "Copy the badge into the box" in answer.content.decode()) == (422, True)
    too_long = client.post("/badges/check/", {"badge": "x" * 20_001})
    assert "This is too long to be one of our badges" in too_long.content.decode()


def test_a_list_of_ours_is_signed_and_yet_no_badge(client: Client, badge: Badge) -> None:
    listed = client.get("/badges/status/1/").content.decode()
    assert "This is not a badge of ours" in check(client, listed)


def test_a_badge_is_withdrawn_with_its_evidence(
    client: Client, learner: User, badge: Badge, shown: UUID
) -> None:
    assert not is_withdrawn(client, badge)
    void(shown)
    assert is_withdrawn(client, badge)
    assert "Withdrawn" in check(client, badge.signed)
    assert "Withdrawn" in client.get(f"/badges/{badge.uuid}/").content.decode()


def test_a_new_pass_does_not_bring_a_withdrawn_badge_back(
    client: Client, learner: User, badge: Badge, shown: UUID, show: Show
) -> None:
    void(shown)
    show(learner, "SS-1", 2, TODAY)
    (new,) = issue_badges(user=learner, with_name=False)
    assert (is_withdrawn(client, badge), is_withdrawn(client, new)) == (True, False)


def test_a_badge_lapses_with_its_evidence(client: Client, learner: User, show: Show) -> None:
    show(learner, "SS-1", 2, date(2020, 1, 1))
    then = timezone.now().replace(year=2020, month=6, day=1)
    (badge,) = issue_badges(user=learner, with_name=False, at=then)
    assert badge.expires is not None
    assert badge.expires < TODAY
    assert is_withdrawn(client, badge)
    assert "Its time has passed" in check(client, badge.signed)
    assert issue_badges(user=learner, with_name=False) == []


def test_a_badge_of_an_erased_account_no_longer_stands_and_keeps_no_name(
    client: Client, learner: User, badge: Badge
) -> None:
    (named,) = issue_badges(user=learner, with_name=True)
    learner.delete()
    assert is_withdrawn(client, badge)
    assert "Withdrawn" in check(client, named.signed)
    named.refresh_from_db()
    assert (named.user, named.signed) == (None, "")


def test_a_badge_stands_while_its_person_rises_a_level(
    client: Client, learner: User, badge: Badge, show: Show
) -> None:
    show(learner, "SS-1", 3, TODAY)
    assert not is_withdrawn(client, badge)
    assert [new.level for new in issue_badges(user=learner, with_name=False)] == [3]


def test_old_keys_stay_published_and_what_they_signed_stays_good(
    client: Client, learner: User, badge: Badge, show: Show
) -> None:
    call_command("change_signing_key")
    show(learner, "SS-2", 1, LAST_YEAR)
    (new,) = issue_badges(user=learner, with_name=False)
    assert new.key != badge.key
    for one in (badge, new):
        assert verify_as_others_do(client, one.signed)["id"].endswith(f"{one.uuid}/")
        assert "Good today" in check(client, one.signed)
        assert not is_withdrawn(client, one)
    published = client.get("/.well-known/jwks.json").json()["keys"]
    assert {key["kid"] for key in published} == {parts(one.signed)[0]["kid"] for one in (badge, new)}
    assert all("d" not in key for key in published)


def test_a_key_survives_a_new_secret_key_while_the_old_one_is_known(
    learner: User, badge: Badge, show: Show, settings: Settings
) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    show(learner, "SS-2", 1, LAST_YEAR)
    assert issue_badges(user=learner, with_name=False)[0].key == badge.key


def test_a_key_that_cannot_be_opened_any_more_is_replaced(
    client: Client, learner: User, badge: Badge, show: Show, settings: Settings
) -> None:
    settings.SECRET_KEY = "another"
    show(learner, "SS-2", 1, LAST_YEAR)
    (new,) = issue_badges(user=learner, with_name=False)
    assert new.key != badge.key
    assert "Good today" in check(client, badge.signed)
    assert not is_withdrawn(client, badge)


def test_the_private_half_is_sealed(badge: Badge) -> None:
    assert "PRIVATE KEY" not in badge.key.private
    assert "d" not in badge.key.public


def test_bits_stand_from_left_to_right() -> None:
    assert gzip.decompress(decoded(encoded([0, 9, 15], 16)[1:])) == bytes([0b1000_0000, 0b0100_0001])


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_as_many_queries_for_one_badge_as_for_three(
    client: Client, learner: User, show: Show, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("SS-1", "SS-2", "PP-2")[:number]:
        show(learner, code, 1, LAST_YEAR)
    issue_badges(user=learner, with_name=False)
    with django_assert_num_queries(4):  # begin and end a transaction, the key, the places
        client.get("/badges/status/1/")


def test_when_a_list_has_enough_the_next_begins(
    client: Client, learner: User, badge: Badge, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("competencies.passport.actions.BADGES_IN_A_LIST", 1)
    statement = show(learner, "SS-2", 1, LAST_YEAR)
    (new,) = issue_badges(user=learner, with_name=False)
    assert (badge.status_list, new.status_list) == (1, 2)
    void(statement)
    assert (is_withdrawn(client, badge), is_withdrawn(client, new)) == (False, True)


def test_lists_and_keys_that_are_not_there_are_not_found(client: Client, badge: Badge) -> None:
    too_far = 10**20
    for path in (
        "/badges/status/2/",
        f"/badges/status/{too_far}/",
        f"/badges/keys/{uuid4()}/",
        f"/badges/{uuid4()}/",
    ):
        assert client.get(path).status_code == 404


def test_pages_of_other_sites_may_fetch_what_checks_a_badge(client: Client, badge: Badge) -> None:
    paths = (
        "/badges/issuer/",
        "/.well-known/jwks.json",
        f"/badges/keys/{badge.key.uuid}/",
        "/badges/status/1/",
    )
    for path in paths:
        answer = client.get(path)
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")


def test_one_key_is_in_use_at_a_time(db: None) -> None:
    change_signing_key()
    with pytest.raises(IntegrityError, match="signing_key_one_in_use"), transaction.atomic():
        SigningKey.objects.create(public={}, private="")


@pytest.mark.parametrize(
    ("change", "refused_by"),
    [
        ({}, "badge_once_for_an_award"),
        ({"is_named": True}, "badge_has_its_own_place"),
        ({"is_named": True, "place": 131_072}, "badge_place_is_in_the_list"),
        ({"level": 5, "place": 0}, "badge_level_1_to_4"),
        ({"is_named": True, "place": 0, "user": None}, "badge_text_goes_with_its_person"),
        ({"is_named": True, "expires": LAST_YEAR, "place": 0}, "badge_expires_after_achieved"),
    ],
)
def test_the_database_refuses_what_no_badge_may_be(
    badge: Badge, change: dict[str, Any], refused_by: str
) -> None:
    badge.pk = None
    badge._state.adding = True
    badge.uuid = uuid4()
    if not change:
        badge.place = (badge.place + 1) % 131_072
    for name, value in change.items():
        setattr(badge, name, value)
    with pytest.raises(IntegrityError, match=refused_by), transaction.atomic():
        badge.save()


def test_the_database_refuses_a_key_retired_before_it_was_made(db: None) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError, match="signing_key_retired_after_made"), transaction.atomic():
        SigningKey.objects.create(public={}, private="", made_at=now, retired_at=now - timedelta(days=1))
