"""The demonstration, loaded once: much to look at, everybody at their place, nothing invented about real trusts."""

from collections.abc import Iterator
from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from competencies.actions import rebuild_evidence
from competencies.coverage.views import public_reports
from competencies.models import Evidence, Holding, VerificationAct
from config.demonstration import ACCOUNTS
from config.navigation import landing_address
from learning.models import Credential, Statement
from tests.databases import own_database
from workforce.models import Grant, Membership, Organisation, Post, Seat, Team, User
from workforce.queries import current_posts

TODAY = date(2026, 11, 2)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), own_database("demonstration"):
        for load in ("import_framework", "import_organisations", "import_curriculum"):
            call_command(load, verbosity=0)
        call_command("load_demo", today=TODAY, verbosity=0)
        yield


@pytest.fixture
def db(demonstration: None) -> None:
    """Here it is the demonstration's own database; the tests only look at it."""


def test_it_has_the_people_and_the_history_that_it_promises(db: None) -> None:
    first, second = Organisation.objects.filter(is_invented=True).order_by("pk")
    on_staff = Post.objects.filter(during__contains=TODAY, superseded_at=None).exclude(tier__key="patients")
    assert (Team.objects.filter(organisation=first).count() >= 12, first.code, second.code) == (
        True,
        "DEMO1",
        "DEMO2",
    )
    assert (
        380 <= on_staff.filter(team__organisation=first).values("membership__user").distinct().count() <= 420
    )
    tiers = set(on_staff.filter(team__organisation=first).values_list("tier__key", flat=True))
    assert tiers == {"board", "managers", "frontline", "experts"}
    partners = User.objects.filter(pk__in=Seat.objects.filter(during__contains=TODAY).values("user"))
    assert partners.count() >= 10
    assert not Membership.objects.filter(user__in=partners).exclude(staff_number=None).exists()
    days = Statement.objects.order_by("stored").values_list("stored", flat=True)
    assert (days.last().date() - days.first().date()).days > 500  # type: ignore[union-attr]
    assert days.last().date() <= TODAY  # type: ignore[union-attr]
    acts = set(VerificationAct.objects.values_list("act", flat=True))
    assert acts >= {VerificationAct.Act.REQUEST, VerificationAct.Act.VERIFY, VerificationAct.Act.DECLINE}


def test_nothing_on_its_record_is_named_at_random(db: None) -> None:
    """Ids made from names (version 5) are the same each time; ids made at random (version 4) would differ."""
    assert {statement.version for statement in Statement.objects.values_list("pk", flat=True)} == {5}
    assert {number.version for number in User.objects.values_list("uuid", flat=True)} == {5}
    names = dict(Credential.objects.values_list("name", "key"))
    assert names == {name: uuid5(NAMESPACE_URL, name).hex[:24] for name in names}


def test_each_account_lands_where_it_works(db: None) -> None:
    landed = {
        account.key: landing_address(User.objects.get(email=account.email), TODAY) for account in ACCOUNTS
    }
    assert landed == {
        "nurse": "/my-learning/",
        "starter": "/my-learning/",
        "manager": "/my-team/",
        "board": "/my-learning/",
        "expert": "/my-learning/",
        "patient": "/my-role/",
        "lead": "/coverage/DEMO1/",
        "education": "/organisations/",
        "editor": "/cms/",
        "moderator": "/cms/",
        "neighbour": "/coverage/DEMO2/",
        "newcomer": "/my-learning/",
    }
    newcomer = User.objects.get(email=next(a.email for a in ACCOUNTS if a.key == "newcomer"))
    assert not current_posts(newcomer, TODAY).exists()


def test_rebuilding_the_evidence_from_the_record_gives_the_same_table(db: None) -> None:
    before = derived()
    rebuild_evidence()
    assert len(before[0]) > 1000
    assert derived() == before


def derived() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Evidence and holdings, without the numbers of their rows."""
    evidence = (
        "user",
        "capability",
        "level",
        "statement",
        "achieved",
        "expires",
        "recorded_at",
        "withdrawn_at",
    )
    holdings = ("user", "capability", "level", "during")
    return (
        sorted(Evidence.objects.values_list(*evidence), key=str),
        sorted(Holding.objects.values_list(*holdings), key=str),
    )


def test_no_invented_figure_stands_under_a_real_organisation(db: None) -> None:
    real = Organisation.objects.filter(is_invented=False)
    assert real.count() > 10
    assert not real.exclude(joined=None).exists()
    for kind in (Team, Membership, Grant):
        assert not kind.objects.filter(organisation__in=real).exists()
    assert [report.organisation.code for report in public_reports(TODAY, None)] == ["DEMO2", "DEMO1"]
