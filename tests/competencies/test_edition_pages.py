"""What anyone may read of the framework, and where a named reviewer answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.editions.actions import send_for_review
from competencies.editions.drafting import copy_edition
from competencies.models import Edition, EditionAct
from workforce.models import User

NEXT_YEAR = timezone.localdate() + timedelta(days=400)


@pytest.fixture
def education(db: None) -> User:
    return User.objects.create_user("edith@nation.example", name="Edith Education")


@pytest.fixture
def rosa(db: None) -> User:
    return User.objects.create_user("rosa@nation.example", name="Rosa Reviewer")


@pytest.fixture
def draft(edition: Edition, education: User) -> Edition:
    return copy_edition(edition=edition, version="0.3", dated=NEXT_YEAR, by=education)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_anyone_reads_what_is_asked_and_what_each_cell_rests_on(edition: Edition) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = Client().get(reverse("competencies:edition", args=[edition.pk]))
    text = page.content.decode()
    assert "Its own words were not recovered" in text
    assert "/capabilities/pp-4" in text
    assert [count for _, count in page.context["sheet"].counts] == [52, 75, 53]
    managers = next(r for r in page.context["sheet"].rows if r.capability.code == "SS-9").of_tiers[1]
    assert (managers.level, managers.provenance_label, managers.sources) == (
        2,
        "Reconstruction",
        ("DCB", "EDITOR"),
    )
    assert len(queries) == 12


def test_a_draft_is_seen_by_nobody_and_in_review_only_by_who_was_named(
    draft: Edition, education: User, rosa: User
) -> None:
    place, review = (reverse(f"competencies:{n}", args=[draft.pk]) for n in ("edition", "edition-review"))
    assert signed_in(rosa).get(place).status_code == 404
    send_for_review(edition=draft, reviewers=[rosa], by=education)
    assert [signed_in(rosa).get(path).status_code for path in (place, review)] == [200, 200]
    assert [Client().get(path).status_code for path in (place, review)] == [404, 302]
    assert "0.3" in signed_in(rosa).get(reverse("competencies:framework")).content.decode()
    assert "0.3" not in Client().get(reverse("competencies:framework")).content.decode()


def test_a_reviewer_comments_on_a_cell_and_agrees_to_the_whole(
    draft: Edition, education: User, rosa: User
) -> None:
    send_for_review(edition=draft, reviewers=[rosa], by=education)
    client, review = signed_in(rosa), reverse("competencies:edition-review", args=[draft.pk])
    cell = {"act": "ask_change", "capability": "PP-4", "column": "tier-managers", "words": "Too low."}
    client.post(review, cell)
    client.post(review, {"act": "agree", "capability": "", "column": "", "words": ""})
    said = draft.acts.filter(by=rosa)
    assert [(a.act, a.about, a.words) for a in said] == [
        (EditionAct.Act.ASK_CHANGE, "PP-4, Managers and team leaders", "Too low."),
        (EditionAct.Act.AGREE, "The whole edition", ""),
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"act": "agree", "capability": "PP-4"}, "you can agree to all of it only"),
        ({"act": "comment", "words": " "}, "Say what you think, or what should change"),
        (
            {"act": "comment", "words": "W", "column": "tier-board"},
            "Choose a capability, or choose everybody",
        ),
        ({"words": "W"}, "Choose what you want to say"),
    ],
)
def test_a_reviewer_is_told_what_is_missing(
    given: dict[str, str], says: str, draft: Edition, education: User, rosa: User
) -> None:
    send_for_review(edition=draft, reviewers=[rosa], by=education)
    page = signed_in(rosa).post(reverse("competencies:edition-review", args=[draft.pk]), given)
    assert (page.status_code, says in page.content.decode()) == (422, True)
    assert not draft.acts.filter(by=rosa).exists()
