"""What an organisation asks on top of the national edition: more than it, marked local, and in no national figure."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.actions import adopt_edition
from competencies.coverage.queries import coverage_rows, local_rows
from competencies.coverage.views import published_on
from competencies.editions.preview import previews
from competencies.local_requirements.actions import (
    Addition,
    Reach,
    add_requirement,
    end_requirement,
    reach_of,
)
from competencies.local_requirements.queries import listed, local_requirements
from competencies.models import Capability, Edition, LocalRequirement, Requirement
from competencies.queries import expectations
from workforce.actions import grant
from workforce.models import Grant, Membership, Organisation, Overlay, Post, Team, Tier, User
from workforce.models.ranges import during

LONG_AGO = date(2015, 1, 5)
TODAY = timezone.localdate()
Ask = Callable[..., LocalRequirement]


@pytest.fixture
def head(organisation: Organisation, edition: Edition) -> User:
    adopt_edition(organisation=organisation, edition=edition, on=LONG_AGO)
    head = User.objects.create_user("head@zz8.example", name="Hedda Head")
    grant(user=head, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=LONG_AGO)
    return head


def addition(organisation: Organisation, code: str, level: int, **changed: Any) -> Addition:
    """On the front line, unless another tier or an overlay is named."""
    given: dict[str, Any] = {"grace_days": 90, "reason": "Two events last winter", **changed}
    if "overlay" in given:
        given["overlay"] = Overlay.objects.get(key=given["overlay"])
    else:
        given["tier"] = Tier.objects.get(key=given.get("tier", "frontline"))
    return Addition(
        organisation=organisation, capability=Capability.objects.get(code=code), level=level, **given
    )


@pytest.fixture
def ask(head: User, organisation: Organisation) -> Ask:
    def ask(code: str, level: int, at: Any = None, **changed: Any) -> LocalRequirement:
        return add_requirement(addition=addition(organisation, code, level, **changed), by=head, at=at)

    return ask


def asked_locally(user: User, on: date = TODAY) -> dict[str, int]:
    return {each.code: each.level for each in expectations(user, on) if each.local_to}


def test_it_is_asked_on_top_and_says_whose_it_is(ask: Ask, learner: User) -> None:
    national = expectations(learner, TODAY)
    ask("PP-4", 3)

    after = expectations(learner, TODAY)
    local = [each for each in after if each.local_to]
    assert [each for each in after if not each.local_to] == national
    assert [(each.code, each.level, each.due) for each in local] == [("PP-4", 3, TODAY + timedelta(90))]
    assert local[0].local_to == learner.memberships.get().organisation.name


def test_only_more_than_the_edition_asks_can_be_asked(ask: Ask) -> None:
    with pytest.raises(ValidationError, match="The national edition asks level 2 already"):
        ask("PP-4", 2)
    with pytest.raises(ValidationError, match="Nothing can be asked on top of it"):
        ask("LC-2", 4, tier="board")
    with pytest.raises(ValidationError, match="asks level 3 already"):
        ask("PP-4", 3, overlay="patient_facing")
    assert not LocalRequirement.objects.exists()


def test_it_is_asked_once_at_a_time(ask: Ask) -> None:
    ask("PP-4", 3)
    with pytest.raises(ValidationError, match="asks this already"):
        ask("PP-4", 4)


def test_only_a_capability_lead_of_the_organisation_asks_and_ends(
    ask: Ask, organisation: Organisation, lead: User, learner: User
) -> None:
    made = ask("PP-4", 3)
    for user in (lead, learner):
        with pytest.raises(ValidationError, match="Only a capability lead"):
            add_requirement(addition=addition(organisation, "SS-3", 4), by=user)
        with pytest.raises(ValidationError, match="Only a capability lead"):
            end_requirement(requirement=made, reason="No", by=user)


def test_the_clock_never_starts_before_the_day_it_is_added(ask: Ask, learner: User) -> None:
    ask("PP-4", 3, at=timezone.now() - timedelta(days=30))
    due = next(each.due for each in expectations(learner, TODAY) if each.local_to)
    assert due == TODAY - timedelta(days=30) + timedelta(days=90)


def test_an_overlay_that_names_it_takes_the_place_of_the_tier(ask: Ask, learner: User) -> None:
    ask("PP-4", 4)
    post = Post.objects.get(membership__user=learner)
    assert asked_locally(learner) == {"PP-4": 4}

    post.overlays.add(Overlay.objects.get(key="patient_facing"))  # the edition asks level 3 of it
    assert asked_locally(learner) == {}

    ask("PP-4", 4, overlay="patient_facing")
    assert asked_locally(learner) == {"PP-4": 4}


def test_of_two_overlays_the_higher_local_level_counts(ask: Ask, learner: User) -> None:
    worn = ("student", "educator")
    Post.objects.get(membership__user=learner).overlays.set(Overlay.objects.filter(key__in=worn))
    ask("SS-9", 3, overlay="student")
    ask("SS-9", 4, overlay="educator")
    assert asked_locally(learner) == {"SS-9": 4}


def test_nobody_else_is_asked(ask: Ask, learner: User, outsider: User) -> None:
    ask("PP-4", 3, tier="frontline")
    ask("IM-2", 4, tier="managers")
    assert asked_locally(learner) == {"PP-4": 3}
    assert asked_locally(outsider) == {}


def test_what_a_new_edition_asks_itself_has_no_local_effect_any_more(
    ask: Ask, edition: Edition, organisation: Organisation, learner: User
) -> None:
    ask("PP-4", 3)
    new = Edition.objects.create(framework=edition.framework, version="9", dated=TODAY, note="A test")
    domain = new.domains.create(code="PP", name="Purpose", order=0)
    pp_4 = Capability.objects.get(code="PP-4")
    new.capabilities.create(capability=pp_4, domain=domain, name="Openness", description="x", order=0)
    Requirement.objects.create(
        edition=new,
        tier=Tier.objects.get(key="frontline"),
        capability=pp_4,
        level=3,
        grace_days=0,
        provenance="direct",
    )
    for state in (Edition.State.IN_REVIEW, Edition.State.PUBLISHED):
        Edition.objects.filter(pk=new.pk).update(state=state)
    new.refresh_from_db()
    adopt_edition(organisation=organisation, edition=new, on=TODAY)

    assert asked_locally(learner) == {}
    assert [(each.national, each.has_effect) for each in listed(local_requirements(organisation), new)] == [
        (3, False)
    ]


def test_ending_keeps_the_row_and_the_figures_of_earlier_days(
    ask: Ask, head: User, learner: User, organisation: Organisation, edition: Edition
) -> None:
    made = ask("PP-4", 3, at=timezone.now() - timedelta(days=5))
    end_requirement(requirement=made, reason="The edition will ask it", by=head)

    assert asked_locally(learner, TODAY) == {"PP-4": 3}
    assert asked_locally(learner, TODAY + timedelta(1)) == {}
    assert local_rows(organisation, edition, TODAY + timedelta(1)) is None
    made.refresh_from_db()
    assert (made.ended_by, made.end_reason) == (head, "The edition will ask it")
    with pytest.raises(ValidationError, match="ended already"):
        end_requirement(requirement=made, reason="Again", by=head)


@pytest.mark.parametrize(
    "change", [{"level": 4}, {"reason": "Other"}, {"during": during(date(2020, 1, 1))}, {"grace_days": 1}]
)
def test_the_database_refuses_to_rewrite_what_was_asked(ask: Ask, change: dict[str, Any]) -> None:
    made = ask("PP-4", 3)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        LocalRequirement.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        made.delete()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"level": 5}, "level_1_to_4"),
        ({"reason": ""}, "says_why"),
        ({"tier": None}, "tier_or_overlay"),
        ({"end_reason": "x"}, "ended_whole"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    ask: Ask, head: User, organisation: Organisation, change: dict[str, Any], constraint: str
) -> None:
    made = ask("PP-4", 3)
    made.pk = None
    made._state.adding = True
    made.capability = Capability.objects.get(code="SS-3")
    for name, value in change.items():
        setattr(made, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        made.save()


def test_the_database_refuses_two_at_a_time(ask: Ask) -> None:
    for given, name in (({}, "of_a_tier"), ({"overlay": "student"}, "of_an_overlay")):
        made = ask("SS-9", 4, **given)
        made.pk = None
        made._state.adding = True
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            made.save()


def test_no_national_row_can_be_changed_by_it(ask: Ask, edition: Edition) -> None:
    before = list(edition.requirements.order_by("pk").values())
    ask("PP-4", 3)
    assert list(edition.requirements.order_by("pk").values()) == before
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        edition.requirements.update(level=4)


def staff(organisation: Organisation, team: Team, number: int) -> None:
    for n in range(number):
        user = User.objects.create(name=f"Nurse {n}")
        member = Membership.objects.create(user=user, organisation=organisation, staff_number=f"s{n}")
        Post.objects.create(
            membership=member, team=team, tier=Tier.objects.get(key="frontline"), during=during(LONG_AGO)
        )


def test_it_changes_no_national_figure_and_no_byte_of_open_data(
    head: User, ask: Ask, organisation: Organisation, team: Team, edition: Edition
) -> None:
    staff(organisation, team, 30)
    Organisation.objects.filter(pk=organisation.pk).update(joined=LONG_AGO)
    draft = Edition.objects.create(framework=edition.framework, version="9", dated=TODAY, note="A test")
    client = Client()
    client.force_login(head)

    def shown() -> list[object]:
        cache.clear()
        page = client.get(f"/coverage/{organisation.code}/")
        return [
            client.get("/open-data/coverage.csv").content,
            Client().get("/open-data/").content,
            client.get(f"/coverage/{organisation.code}/coverage.csv").content,
            page.context["table"],
            page.context["sentence"],
            str(page.context["chart"]),
            coverage_rows(organisation, edition, TODAY).to_csv(),
            coverage_rows(organisation, edition, published_on(TODAY)).to_csv(),
            previews(draft, Tier.objects.get(key="frontline"), TODAY),
        ]

    before = shown()
    assert b"Nurse" not in before[0]  # type: ignore[operator]
    assert "PP-4" in str(before[6])
    ask("PP-4", 3, at=timezone.now() - timedelta(days=100))
    ask("IM-5", 4, at=timezone.now() - timedelta(days=100))

    assert shown() == before


def test_the_trust_sees_its_own_coverage_of_it_in_a_section_of_its_own(
    head: User, ask: Ask, organisation: Organisation, team: Team
) -> None:
    staff(organisation, team, 12)
    client = Client()
    client.force_login(head)
    address = f"/coverage/{organisation.code}/"
    assert "Local requirements</caption>" not in client.get(address).content.decode()

    ask("PP-4", 3, at=timezone.now() - timedelta(days=100))
    answer = client.get(address)

    lines = [(line.capability_code, line.expected_level) for line in answer.context["local"].lines]
    assert lines == [("PP-4", 3)]
    assert "counts in no figure but these" in answer.content.decode()


def test_how_many_it_concerns_is_counted_without_adding_it(
    head: User, organisation: Organisation, team: Team, learner: User
) -> None:
    small = reach_of(addition=addition(organisation, "PP-4", 3), by=head)
    staff(organisation, team, 12)
    large = reach_of(addition=addition(organisation, "PP-4", 3), by=head)

    assert small.people < 10
    assert small.holding is None
    assert large == Reach(small.people + 12, 0)
    assert not LocalRequirement.objects.exists()


FILLED = {
    "who": "tier-frontline",
    "capability": "PP-4",
    "level": "3",
    "grace_days": "90",
    "reason": "Two events last winter",
}


def test_a_lead_checks_whom_it_concerns_adds_it_and_ends_it(
    head: User, organisation: Organisation, learner: User
) -> None:
    client = Client()
    client.force_login(head)
    address = f"/local-requirements/{organisation.code}/"

    checked = client.post(address, FILLED | {"go": "check"})
    assert "This concerns " in checked.content.decode()
    seal = checked.context["form"].seal
    unsealed = client.post(address, FILLED | {"go": "add", "seal": seal, "level": "4"})
    assert "This concerns " in unsealed.content.decode()
    assert not LocalRequirement.objects.exists()

    client.post(address, FILLED | {"go": "add", "seal": seal})
    made = LocalRequirement.objects.get()
    assert asked_locally(learner) == {"PP-4": 3}

    ending = f"{address}{made.pk}/end/"
    assert client.post(ending, {"end_reason": ""}).status_code == 422
    client.post(ending, {"end_reason": "Done with it"})
    page = client.get(address).content.decode()
    assert "Ended by Hedda Head: Done with it" in page
    assert client.get(ending).status_code == 404


def test_what_cannot_be_asked_is_told_at_its_field(head: User, organisation: Organisation) -> None:
    client = Client()
    client.force_login(head)
    answer = client.post(f"/local-requirements/{organisation.code}/", FILLED | {"level": "2", "go": "check"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["level"] == [
        "The national edition asks level 2 already. Choose a higher level."
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_long_it_is(
    number: int,
    head: User,
    ask: Ask,
    organisation: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for code in ("PP-4", "SS-3", "SS-7")[:number]:
        ask(code, 4)
    client = Client()
    client.force_login(head)
    with django_assert_num_queries(12):
        client.get(f"/local-requirements/{organisation.code}/")
