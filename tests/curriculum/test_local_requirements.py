"""What an organisation asks on top is marked local on every page of a person and of a team."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from competencies.api.actions import make_token
from competencies.local_requirements.actions import Addition, add_requirement
from competencies.models import Capability, LocalRequirement
from workforce.models import Grant, Membership, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

from .conftest import START
from .expected import adopt, hold

TODAY = timezone.localdate()


@pytest.fixture
def local(curriculum: None, ward: Team) -> LocalRequirement:
    """The edition asks the front line for SS-1 at level 2 and SS-2 at level 1; the trust for SS-2 at level 3."""
    adopt(ward.organisation, START)
    TeamPlace.objects.create(team=ward, during=during(START))
    head = User.objects.create_user("head@example.com", name="Hedda Head")
    Grant.objects.create(
        user=head, role=Grant.Role.CAPABILITY_LEAD, organisation=ward.organisation, during=during(START)
    )
    addition = Addition(
        organisation=ward.organisation,
        capability=Capability.objects.get(code="SS-2"),
        level=3,
        grace_days=90,
        reason="Two events last winter",
        tier=Tier.objects.get(key="frontline"),
    )
    return add_requirement(addition=addition, by=head)


def page(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(path).content.decode().split("<main")[1].split())


def test_my_capabilities_marks_it_and_counts_it_apart(local: LocalRequirement, learner: User) -> None:
    hold(learner, "SS-2", 1, date(2024, 3, 1))
    html = page(learner, "/my-capabilities/")
    assert "You hold 1 of the 2 capabilities asked, at the level asked." in html
    assert "Your organisation asks 1 more, marked “local”." in html
    assert "<strong>Local.</strong> Invented Trust asks for level 3" in html
    assert "Why: Two events last winter" in html
    assert html.count("Local</strong>") == 1


def test_one_capability_shows_both(local: LocalRequirement, learner: User) -> None:
    html = page(learner, "/my-capabilities/SS-2/")
    assert "Level 1 is asked" in html
    assert "<strong>Local.</strong> Invented Trust asks for level 3" in html


def test_my_learning_says_that_a_gap_is_local(local: LocalRequirement, learner: User) -> None:
    addition = Addition(
        organisation=local.organisation,
        capability=Capability.objects.get(code="SS-1"),
        level=3,
        grace_days=90,
        reason="Two events last winter",
        tier=local.tier,
    )
    add_requirement(addition=addition, by=local.added_by)
    html = page(learner, "/my-learning/")
    assert "Closes 3 gaps: Systems thinking at level 2, Human factors at level 1" in html
    assert "Systems thinking (local) at level 3" in html


def test_a_program_reads_whose_it_is(local: LocalRequirement, learner: User) -> None:
    _, secret = make_token(user=learner, name="A program", may="read", days=1)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    expected = client.get("/api/v1/me/capabilities").json()["expected"]
    assert [(each["capability"]["code"], each["level"], each["local_to"]) for each in expected] == [
        ("SS-1", 2, ""),
        ("SS-2", 1, ""),
        ("SS-2", 3, "Invented Trust"),
    ]
    asked = client.get("/api/v1/frameworks/small/editions/1/requirements").json()["items"]
    assert [(each["capability"]["code"], each["level"]) for each in asked] == [
        ("SS-1", 2),
        ("SS-2", 1),
        ("SS-1", 2),
    ]


def test_my_team_has_a_table_of_its_own_for_it(
    local: LocalRequirement, person: Callable[..., User], ward: Team
) -> None:
    lead = person("Leda Lead")
    Grant.objects.create(user=lead, role=Grant.Role.TEAM_LEAD, team=ward, during=during(START))
    assert "Local requirements</caption>" not in page(lead, "/my-team/")  # too small to show
    for n in range(12):
        user = User.objects.create(name=f"Nurse {n}")
        member = Membership.objects.create(user=user, organisation=ward.organisation, staff_number=str(n))
        Post.objects.create(
            membership=member, team=ward, tier=Tier.objects.get(key="frontline"), during=during(START)
        )
    html = page(lead, "/my-team/")
    assert "Invented Trust also asks" in html
    assert "Local requirements</caption>" in html
    assert "Nurse" not in html


def test_a_plan_can_start_from_it(local: LocalRequirement, person: Callable[..., User], ward: Team) -> None:
    lead = person("Leda Lead")
    Grant.objects.create(user=lead, role=Grant.Role.TEAM_LEAD, team=ward, during=during(START))
    client = Client()
    client.force_login(lead)
    answer = client.get(f"/plans/new/?local={local.pk}")
    assert answer.context["form"].initial == {"level_SS-2": 3, "audience": "tier", "tier": "frontline"}
    assert "a local requirement of Invented Trust" in answer.content.decode()


def test_nobody_starts_a_plan_from_that_of_another_trust(
    local: LocalRequirement, person: Callable[..., User]
) -> None:
    other = Team.objects.create(
        organisation=local.organisation.__class__.objects.create(code="XTB", name="Other", opened=START),
        code="W9",
        name="Ward 9",
    )
    lead = person("Leda Lead")
    Grant.objects.create(user=lead, role=Grant.Role.TEAM_LEAD, team=other, during=during(START))
    client = Client()
    client.force_login(lead)
    assert client.get(f"/plans/new/?local={local.pk}").context["from_local"] is None
