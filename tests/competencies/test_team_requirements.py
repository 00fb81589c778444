"""What every team is asked to have: read with its edition, kept with it, and counted without telling of few people."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from competencies.actions import import_framework
from competencies.coverage.disclosure import smallest_shown
from competencies.coverage.team_requirements import team_requirements
from competencies.editions.changes import changes
from competencies.editions.drafting import copy_edition
from competencies.editions.editing import remove_capability
from competencies.editions.sheet import sheet
from competencies.editions.writing import tree_of
from competencies.frameworks.source import BrokenFile
from competencies.models import Capability, Edition, Holding, TeamRequirement
from workforce.models import Membership, Organisation, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

from .conftest import FRAMEWORK

START, DAY = date(2016, 1, 1), date(2026, 1, 1)


def test_an_edition_is_read_with_what_teams_are_asked(edition: Edition) -> None:
    asked = edition.team_requirements.get()
    assert (asked.capability.code, asked.level, asked.people, asked.provenance) == (
        "IM-3",
        3,
        2,
        "reconstruction",
    )
    given = json.loads(FRAMEWORK.read_text(encoding="utf-8"))["team_requirements"]
    assert tree_of(sheet(edition))["team_requirements"] == given


def test_the_page_of_an_edition_says_it(edition: Edition, client: Client) -> None:
    page = client.get(f"/framework/{edition.pk}/").content.decode()
    assert "At least 2 people at level 3 of IM-3. Reconstruction" in page


def test_a_file_that_asks_the_same_twice_is_refused(db: None) -> None:
    tree = json.loads(FRAMEWORK.read_text(encoding="utf-8"))
    tree["team_requirements"] *= 2
    with pytest.raises(BrokenFile, match="second time"):
        import_framework(raw=json.dumps(tree).encode())
    assert not TeamRequirement.objects.exists()


def test_a_published_edition_keeps_them(edition: Edition) -> None:
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        edition.team_requirements.update(people=3)
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        edition.team_requirements.get().delete()
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        edition.team_requirements.create(
            capability=Capability.objects.get(code="SS-1"), level=2, people=1, provenance="direct"
        )


@pytest.mark.parametrize(
    ("level", "people", "name"),
    [(0, 2, "level_1_to_4"), (5, 2, "level_1_to_4"), (3, 0, "of_somebody"), (3, 2, "once_in_edition")],
)
def test_the_database_refuses_what_makes_no_sense(
    edition: Edition, level: int, people: int, name: str
) -> None:
    draft = copy_edition(edition=edition, version="0.3", dated=DAY, by=User.objects.create(name="Edith"))
    im_3 = Capability.objects.get(code="IM-3")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        draft.team_requirements.create(capability=im_3, level=level, people=people, provenance="direct")


def test_a_copy_has_them_and_differences_are_told_in_words(edition: Edition) -> None:
    draft = copy_edition(edition=edition, version="0.3", dated=DAY, by=User.objects.create(name="Edith"))
    assert changes(sheet(edition), sheet(draft)) == []

    draft.team_requirements.update(people=1)
    draft.team_requirements.create(
        capability=Capability.objects.get(code="SS-1"), level=2, people=4, provenance="direct"
    )
    assert [change.sentence for change in changes(sheet(edition), sheet(draft))] == [
        "IM-3: teams go from 2 people to 1 person at level 3.",
        "SS-1: every team is asked to have 4 people at level 2.",
    ]
    asked = tree_of(sheet(draft))["team_requirements"]
    assert [(each["capability"], each["people_at_least"]) for each in asked] == [("IM-3", 1), ("SS-1", 4)]

    remove_capability(wording=draft.capabilities.get(capability__code="IM-3"))
    told = [change.sentence for change in changes(sheet(edition), sheet(draft))]
    assert "IM-3: teams are no longer asked to have people at level 3." in told
    assert [each["capability"] for each in tree_of(sheet(draft))["team_requirements"]] == ["SS-1"]


def plant(trust: Organisation, code: str, people: int, holders: int, parent: Team | None = None) -> Team:
    team = Team.objects.create(organisation=trust, code=code, name=code)
    TeamPlace.objects.create(team=team, parent=parent, during=during(START))
    im_3 = Capability.objects.get(code="IM-3")
    for n in range(people):
        user = User.objects.create(name=f"{code} {n}")
        member = Membership.objects.create(user=user, organisation=trust, staff_number=f"{code}{n}")
        Post.objects.create(
            membership=member, team=team, tier=Tier.objects.get(key="frontline"), during=during(START)
        )
        if n < holders:
            Holding.objects.create(user=user, capability=im_3, level=3, during=during(START))
    return team


def test_teams_are_counted_and_a_small_one_with_the_team_above(trust: Organisation, edition: Edition) -> None:
    plant(trust, "W1", 12, 2)
    plant(trust, "W2", 12, 1)
    division = plant(trust, "D1", 0, 0)
    plant(trust, "W3", 4, 2, division)
    plant(trust, "W4", 8, 0, division)

    asked = team_requirements(trust, edition, DAY)[0]

    assert (asked.met, len(asked.teams)) == (2, 3)
    assert division.pk in asked.teams


def test_one_team_is_told_how_many_so_far_and_never_more_than_is_asked(
    trust: Organisation, edition: Edition
) -> None:
    full, begun, empty = (plant(trust, code, 10, n) for code, n in (("W1", 7), ("W2", 1), ("W3", 0)))
    asked = team_requirements(trust, edition, DAY)[0]
    assert [asked.of_team(team.pk).held for team in (full, begun, empty)] == [2, 1, 0]
    assert [asked.of_team(team.pk).is_met for team in (full, begun, empty)] == [True, False, False]


def test_a_small_team_is_not_told_and_nor_is_the_one_that_would_give_it_away(
    trust: Organisation, edition: Edition
) -> None:
    division = plant(trust, "D1", 0, 0)
    small, beside = plant(trust, "W1", 3, 1, division), plant(trust, "W2", 12, 2, division)
    asked = team_requirements(trust, edition, DAY)[0]
    assert [asked.of_team(team.pk).held for team in (small, beside, division)] == [None, None, 2]
    assert asked.teams == {division.pk}


def test_a_person_in_two_teams_counts_once_above_them(trust: Organisation, edition: Edition) -> None:
    division = plant(trust, "D1", 0, 0)
    first, second = plant(trust, "W1", 11, 1, division), plant(trust, "W2", 11, 0, division)
    holder = Holding.objects.get().user.memberships.get()
    Post.objects.create(
        membership=holder, team=second, tier=Tier.objects.get(key="frontline"), during=during(START)
    )
    asked = team_requirements(trust, edition, DAY)[0]
    assert [asked.of_team(team.pk).held for team in (first, second, division)] == [1, 1, 1]


@pytest.mark.parametrize("number", [1, 3])
def test_it_is_one_query_however_many_teams(
    number: int, trust: Organisation, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        plant(trust, f"W{n}", 10, 2)
    with django_assert_num_queries(1):
        assert team_requirements(trust, edition, DAY)[0].met == number


def test_a_trust_where_every_team_is_small_is_not_told_of_any() -> None:
    assert smallest_shown({0: 8, 1: 4, 2: 4}, {0: None, 1: 0, 2: 0}) == frozenset()
