"""My passport: what a person holds, to read and keep, and the page that they share."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from competencies.actions import verify
from competencies.models import Badge, Capability, Edition, Share, SigningKey
from competencies.passport.actions import end_sharing, issue_badges, share_page
from competencies.passport.documents import as_pdf
from competencies.passport.queries import passport_of, share_digest
from learning.secrets import opened
from workforce.models import Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

from .test_evidence import TODAY as THAT_DAY
from .test_evidence import founder, module_rules, passed, people, put_forward, team

__all__ = ["founder", "people", "team"]

Show = Callable[..., UUID]
TODAY = timezone.localdate()
LAST_YEAR = TODAY - timedelta(days=365)


@pytest.fixture
def learner(people: dict[str, User], show: Show) -> User:
    """Holds SS-1 at level 2 since a year ago."""
    show(people["learner"], "SS-1", 2, LAST_YEAR)
    return people["learner"]


def capability(code: str) -> int:
    return Capability.objects.get(code=code).pk


def shared(user: User, *codes: str, **changes: Any) -> Share:
    chosen = {"capabilities": [capability(code) for code in codes], "shows_name": False, "days": 7}
    return share_page(user=user, **{**chosen, **changes})


def link(share: Share) -> str:
    return f"/shared/{opened(share.secret)}/"


def test_the_page_shows_what_is_held_since_when_and_on_what_kind_of_evidence(
    client: Client, learner: User, edition: Edition
) -> None:
    client.force_login(learner)
    page = client.get("/passport/").content.decode()
    (held,) = passport_of(learner, TODAY)
    assert held.last_day is not None
    for words in (
        held.wording.name,
        f"Level 2, {held.level.label}",
        f"Since {LAST_YEAR:%-d %B %Y}",
        f"last day {held.last_day:%-d %B %Y}",
        "Passed the check",
        str(edition),
    ):
        assert words in page


def test_nothing_held_is_said_and_offers_nothing_to_share(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["stranger"])
    page = client.get("/passport/").content.decode()
    assert "Nothing is on your record yet." in page
    assert "Make the link" not in page


def test_the_kind_of_evidence_is_told_never_the_words_and_who_confirmed_only_in_ones_own_file(
    client: Client, people: dict[str, User], founder: User
) -> None:
    module_rules()
    passed(people["learner"], THAT_DAY)
    verify(practice=put_forward(people), by=founder)
    client.force_login(people["learner"])
    for path in ("/passport/", "/passport/passport.json"):
        answer = client.get(path).content.decode()
        assert "A named person confirmed that it was done for real" in answer
        assert "A quiet word about the noise at night." not in answer
        assert (founder.name in answer) == path.endswith(".json")


def test_the_level_that_is_held_counts_and_not_the_ones_below(learner: User, show: Show) -> None:
    show(learner, "SS-1", 3, TODAY)
    (held,) = passport_of(learner, TODAY)
    assert (held.level.number, held.since) == (3, TODAY)


def test_a_passport_moves_with_its_person_to_another_trust(learner: User) -> None:
    before = passport_of(learner, TODAY)
    Post.objects.filter(membership__user=learner).update(during=during(date(2020, 1, 1), TODAY))
    other = Organisation.objects.create(code="X9B", name="Another Test Trust", opened=date(2010, 1, 1))
    ward = Team.objects.create(organisation=other, code="W1", name="Ward 1")
    Post.objects.create(
        membership=Membership.objects.create(user=learner, organisation=other),
        team=ward,
        tier=Tier.objects.get(key="managers"),
        during=during(TODAY),
    )
    assert passport_of(learner, TODAY) == before != []


def test_the_json_has_its_documented_shape(client: Client, learner: User, signing_key: SigningKey) -> None:
    (badge,) = issue_badges(user=learner, with_name=False)
    client.force_login(learner)
    answer = client.get("/passport/passport.json")
    (held,) = passport_of(learner, TODAY)
    content = answer.json()
    content.pop("made_at")
    assert held.last_day is not None
    assert answer["Content-Disposition"] == f'attachment; filename="passport-{TODAY.isoformat()}.json"'
    assert content == {
        "format": "promise-to-learn-passport",
        "version": 1,
        "service": {"name": "Promise to Learn", "address": "http://127.0.0.1:8000"},
        "person": {"name": "learner"},
        "holdings": [
            {
                "capability": {
                    "iri": held.capability.iri,
                    "code": "SS-1",
                    "name": held.wording.name,
                    "domain": held.wording.domain.name,
                },
                "framework": held.edition.framework.title,
                "edition": "0.2",
                "level": {"number": 2, "label": held.level.label, "meaning": held.level.meaning},
                "since": LAST_YEAR.isoformat(),
                "last_day": held.last_day.isoformat(),
                "evidence": ["Passed the check"],
                "confirmed_by": [],
            }
        ],
        "badges": [{"id": str(badge.uuid), "standing": "good", "signed": badge.signed}],
    }


def test_the_pdf_is_a4_and_tagged_for_screen_readers(client: Client, learner: User) -> None:
    client.force_login(learner)
    answer = client.get("/passport/passport.pdf")
    pdf = answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert pdf.startswith(b"%PDF-")
    assert b"/MediaBox[0 0 595.2756 841.8898]" in pdf
    for said in (b"/StructTreeRoot", b"/Marked true", b"/Lang(en-GB)", b"<pdfuaid:part>1</pdfuaid:part>"):
        assert said in pdf


def test_a_name_is_never_read_as_markup_of_the_pdf(learner: User) -> None:
    """A broken page would not compile at all."""
    learner.name = '#panic("read") $x_ *bold'
    assert as_pdf(learner, passport_of(learner, TODAY), timezone.now()).startswith(b"%PDF-")
    assert as_pdf(learner, [], timezone.now()).startswith(b"%PDF-")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_one_capability_as_for_three(
    client: Client,
    people: dict[str, User],
    show: Show,
    signing_key: SigningKey,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    codes = ("SS-1", "SS-2", "PP-2")[:number]
    for code in codes:
        show(people["learner"], code, 1, LAST_YEAR)
    issue_badges(user=people["learner"], with_name=False)
    shared(people["learner"], *codes)
    client.force_login(people["learner"])
    with django_assert_num_queries(13):
        client.get("/passport/")


@pytest.mark.parametrize("number", [1, 3])
def test_a_shared_page_takes_as_many_queries_for_one_capability_as_for_three(
    client: Client,
    people: dict[str, User],
    show: Show,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    codes = ("SS-1", "SS-2", "PP-2")[:number]
    for code in codes:
        show(people["learner"], code, 1, LAST_YEAR)
    path = link(shared(people["learner"], *codes))
    with django_assert_num_queries(7):
        client.get(path)


def test_signing_badges_and_downloading_one(client: Client, learner: User, signing_key: SigningKey) -> None:
    client.force_login(learner)
    page = client.post("/passport/badges/", {"with_name": "on"}, follow=True).content.decode()
    assert "1 badge is signed." in page
    badge = Badge.objects.get()
    assert badge.is_named
    answer = client.get(f"/passport/badges/{badge.uuid}.jwt")
    assert answer.content.decode() == badge.signed
    assert answer["Content-Disposition"] == 'attachment; filename="badge-SS-1-level-2.jwt"'
    again = client.post("/passport/badges/", {"with_name": "on"}, follow=True).content.decode()
    assert "You have them already." in again


def test_nobody_else_gets_a_badge_file_or_sees_another_passport(
    client: Client, learner: User, people: dict[str, User], signing_key: SigningKey
) -> None:
    (badge,) = issue_badges(user=learner, with_name=True)
    for who in ("colleague", "stranger"):
        client.force_login(people[who])
        assert client.get(f"/passport/badges/{badge.uuid}.jwt").status_code == 404
        assert "Nothing is on your record yet." in client.get("/passport/").content.decode()
        assert client.get("/passport/passport.json").json()["holdings"] == []


def test_the_page_of_a_badge_does_not_say_whose_it_is(
    client: Client, learner: User, signing_key: SigningKey
) -> None:
    learner.name = "Lena Unmistakable"
    learner.save()
    (badge,) = issue_badges(user=learner, with_name=True)
    answer = client.get(f"/badges/{badge.uuid}/")
    assert "Good today" in answer.content.decode()
    assert "Unmistakable" not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_shared_page_shows_what_was_chosen_and_no_more(client: Client, learner: User, show: Show) -> None:
    show(learner, "SS-2", 1, LAST_YEAR)
    names = {held.capability.code: held.wording.name for held in passport_of(learner, TODAY)}
    client.force_login(learner)
    chosen = {"capabilities": [capability("SS-1")], "days": "7"}
    page = client.post("/passport/share/", chosen, follow=True).content.decode()
    share = Share.objects.get()
    assert f"http://127.0.0.1:8000{link(share)}" in page
    client.logout()
    answer = client.get(link(share))
    shown = answer.content.decode()
    assert names["SS-1"] in shown
    assert names["SS-2"] not in shown
    assert "learner" not in shown
    end_sharing(user=learner)
    named = client.get(link(shared(learner, "SS-1", shows_name=True))).content.decode()
    assert "learner</h1>" in named


def test_a_shared_page_is_kept_by_no_cache_and_found_by_no_search(client: Client, learner: User) -> None:
    answer = client.get(link(shared(learner, "SS-1")))
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_link_that_its_person_ended_is_gone_at_once(client: Client, learner: User) -> None:
    share = shared(learner, "SS-1")
    client.force_login(learner)
    page = client.post("/passport/share/end/", follow=True).content.decode()
    assert "The link has ended." in page
    assert f"ended by you {TODAY:%-d %B %Y}" in page
    assert client.get(link(share)).status_code == 404
    share.refresh_from_db()
    assert share.ended_at is not None


def test_a_link_ends_by_itself(client: Client, learner: User) -> None:
    share = shared(learner, "SS-1", at=timezone.now() - timedelta(days=8))
    assert client.get(link(share)).status_code == 404
    client.force_login(learner)
    assert f"ended {share.ends_at:%-d %B %Y}" in client.get("/passport/").content.decode()


def test_a_new_link_ends_the_old_one(client: Client, learner: User) -> None:
    old, new = shared(learner, "SS-1"), shared(learner, "SS-1")
    assert (client.get(link(old)).status_code, client.get(link(new)).status_code) == (404, 200)


def test_a_guess_finds_nothing(client: Client, learner: User) -> None:
    share = shared(learner, "SS-1")
    assert len(opened(share.secret)) >= 43  # 256 random bits
    for guess in (str(share.pk), share.digest, "x" * 43, "%00"):
        assert client.get(f"/shared/{guess}/").status_code == 404


def test_a_shared_page_no_longer_shows_what_has_lapsed(
    client: Client, people: dict[str, User], show: Show
) -> None:
    then = timezone.now() - timedelta(days=5)
    day = timezone.localdate(then)
    show(people["learner"], "SS-1", 2, day.replace(year=day.year - 3) + timedelta(days=2))
    share = shared(people["learner"], "SS-1", at=then)
    assert "There is nothing to see today." in client.get(link(share)).content.decode()


def test_a_form_that_lacks_something_says_what(client: Client, learner: User) -> None:
    client.force_login(learner)
    answer = client.post("/passport/share/", {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose at least one capability to show" in page
    assert "Choose when the link ends" in page
    wrong = client.post("/passport/share/", {"capabilities": [capability("PP-2")], "days": "7"})
    assert "You no longer hold one of these." in wrong.content.decode()
    assert not Share.objects.exists()


@pytest.mark.parametrize("change", [{"days": 0}, {"days": 31}, {"capabilities": []}])
def test_a_page_for_too_long_or_of_nothing_is_refused(learner: User, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        shared(learner, "SS-1", **change)


def test_a_link_sealed_with_a_lost_key_still_works_and_can_be_ended(
    client: Client, learner: User, settings: Settings
) -> None:
    path = link(shared(learner, "SS-1"))
    settings.SECRET_KEY = "another"
    client.force_login(learner)
    assert "We can no longer show you the link." in client.get("/passport/").content.decode()
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("ends", "ended", "refused_by"),
    [(31, None, "share_ends_in_time"), (0, None, "share_ends_in_time"), (7, -1, "share_ended_after_made")],
)
def test_the_database_refuses_links_without_a_sound_end(
    learner: User, ends: int, ended: int | None, refused_by: str
) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError, match=refused_by), transaction.atomic():
        Share.objects.create(
            user=learner,
            digest=share_digest("x"),
            made_at=now,
            ends_at=now + timedelta(days=ends),
            ended_at=None if ended is None else now + timedelta(days=ended),
        )


def test_the_database_refuses_a_second_open_link(learner: User) -> None:
    shared(learner, "SS-1")
    now = timezone.now()
    with pytest.raises(IntegrityError, match="share_one_at_a_time"), transaction.atomic():
        Share.objects.create(
            user=learner, digest=share_digest("x"), made_at=now, ends_at=now + timedelta(days=1)
        )


def test_the_json_is_text_that_people_can_read(client: Client, learner: User) -> None:
    learner.name = "Zoë"
    learner.save()
    client.force_login(learner)
    body = client.get("/passport/passport.json").content.decode()
    assert "Zoë" in body
    assert json.loads(body)["person"] == {"name": "Zoë"}
