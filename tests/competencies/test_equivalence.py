"""Nobody starts at zero: what the map of a new edition gives, from which day, and what it would change before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.actions import adopt_edition, rebuild_evidence
from competencies.derivation import Award
from competencies.editions import editing
from competencies.editions.actions import publish, send_for_review
from competencies.editions.drafting import copy_edition
from competencies.editions.editing import CellSpec
from competencies.editions.preview import previews
from competencies.editions.queries import left_behind
from competencies.editions.sheet import columns
from competencies.equivalence import EquivalenceMap, with_equivalents
from competencies.models import Capability, Edition, Equivalence, Evidence, Holding
from learning.actions import void_statement
from workforce.models import Membership, Organisation, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

TODAY = timezone.localdate()
NEXT_YEAR = TODAY + timedelta(days=300)
SHOWN = TODAY - timedelta(days=200)
OLD, NEW, OTHER = 1, 2, 3
AT = datetime(2026, 1, 1, tzinfo=UTC)
AWARD = Award(OLD, 3, UUID(int=1), date(2026, 1, 1), date(2029, 1, 1), AT, None)
MAP = EquivalenceMap(
    date(2027, 1, 1), datetime(2026, 6, 1, tzinfo=UTC), {(OLD, 2): {NEW: 2}, (OLD, 3): {NEW: 3}}
)


def given(awards: list[Award], *maps: EquivalenceMap) -> set[Award]:
    return with_equivalents(awards, maps) - set(awards)


def test_the_highest_level_that_was_shown_counts_from_the_day_the_edition_holds() -> None:
    expected = replace(AWARD, capability_id=NEW, achieved=MAP.dated, recorded_at=MAP.known_at)
    assert given([AWARD], MAP) == {expected}
    assert given([replace(AWARD, level=4)], MAP) == {expected}
    assert given([replace(AWARD, level=2)], MAP) == {replace(expected, level=2)}
    assert given([replace(AWARD, level=1)], MAP) == set()
    assert given([replace(AWARD, capability_id=OTHER)], MAP) == set()


def test_what_is_shown_later_keeps_its_own_day() -> None:
    late = replace(AWARD, achieved=date(2027, 5, 1), recorded_at=datetime(2027, 5, 1, tzinfo=UTC))
    assert given([late], MAP) == {replace(late, capability_id=NEW)}


def test_what_ended_or_was_withdrawn_before_gives_nothing() -> None:
    assert given([replace(AWARD, expires=MAP.dated)], MAP) == set()
    assert given([replace(AWARD, withdrawn_at=MAP.known_at)], MAP) == set()
    later = MAP.known_at + timedelta(days=1)
    assert {a.withdrawn_at for a in given([replace(AWARD, withdrawn_at=later)], MAP)} == {later}


def test_a_split_gives_several_and_a_merge_gives_one_row() -> None:
    split = replace(MAP, rows={(OLD, 3): {NEW: 3, OTHER: 2}})
    assert {(a.capability_id, a.level) for a in given([AWARD], split)} == {(NEW, 3), (OTHER, 2)}
    merge = replace(MAP, rows={(OLD, 3): {NEW: 2}, (OTHER, 2): {NEW: 2}})
    longer = replace(AWARD, capability_id=OTHER, expires=None)
    assert [(a.capability_id, a.expires) for a in given([AWARD, longer], merge)] == [(NEW, None)]


def test_what_the_rules_give_themselves_goes_first() -> None:
    own = replace(AWARD, capability_id=NEW)
    assert given([AWARD, own], MAP) == set()


def test_maps_follow_each_other_and_two_capabilities_can_change_places() -> None:
    following = EquivalenceMap(date(2028, 1, 1), datetime(2027, 6, 1, tzinfo=UTC), {(NEW, 3): {OTHER: 3}})
    for maps in ((MAP, following), (following, MAP)):
        found = given([AWARD], *maps)
        assert {(a.capability_id, a.achieved) for a in found} == {(NEW, MAP.dated), (OTHER, following.dated)}
    swap = replace(MAP, rows={(OLD, 3): {NEW: 3}, (NEW, 3): {OLD: 3}})
    assert {a.capability_id for a in given([AWARD], swap)} == {NEW}


@pytest.fixture
def draft(edition: Edition) -> Edition:
    """SS-8 is gone, SS-10 is new, and everybody on the front line is asked for it at level 2."""
    education = User.objects.create_user("edith@nation.example", name="Edith Education")
    draft = copy_edition(edition=edition, version="0.3", dated=NEXT_YEAR, by=education)
    editing.remove_capability(wording=draft.capabilities.get(capability__code="SS-8"))
    domain = draft.domains.get(code="SS")
    wording = editing.add_capability(
        edition=draft, code="SS-10", domain=domain, name="Fair care", description="D", order=99
    )
    frontline = next(column for column in columns() if column.key == "tier-frontline")
    editing.set_cells(wording=wording, cells=[(frontline, CellSpec(2, "inferred"))])
    return draft


def map_row(
    draft: Edition, old: str = "SS-8", level: int = 2, new: str = "SS-10", gives: int = 2
) -> Equivalence:
    code = Capability.objects.get
    return editing.add_equivalence(
        edition=draft,
        old_capability=code(code=old),
        old_level=level,
        new_capability=code(code=new),
        new_level=gives,
    )


def go_public(draft: Edition) -> None:
    by = User.objects.get(name="Edith Education")
    rosa = User.objects.create_user("rosa@nation.example", name="Rosa Reviewer")
    send_for_review(edition=draft, reviewers=[rosa], by=by)
    publish(edition=draft, by=by, words="The board decided.")


def test_publishing_carries_over_what_people_hold_and_a_rebuild_gives_the_same(
    draft: Edition, show: Callable[..., UUID]
) -> None:
    lena = User.objects.create_user("lena@x9a.example", name="Lena")
    statement = show(lena, "SS-8", 2, SHOWN)
    map_row(draft)
    assert Holding.objects.filter(capability__code="SS-10").count() == 0
    go_public(draft)
    held = Holding.objects.get(user=lena, capability__code="SS-10")
    assert (held.level, held.during.lower) == (2, NEXT_YEAR)
    assert Holding.objects.get(user=lena, capability__code="SS-8").during.upper == held.during.upper
    fields = (
        "user",
        "capability",
        "level",
        "statement",
        "achieved",
        "expires",
        "recorded_at",
        "withdrawn_at",
    )
    before = sorted(map(repr, Evidence.objects.values_list(*fields)))
    rebuild_evidence()
    assert sorted(map(repr, Evidence.objects.values_list(*fields))) == before
    void_statement(statement_id=statement, by=lena, reason="A mistake.")
    assert not Holding.objects.filter(user=lena).exists()


def test_what_is_learnt_afterwards_carries_over_too(draft: Edition, show: Callable[..., UUID]) -> None:
    map_row(draft)
    go_public(draft)
    lena = User.objects.create_user("lena@x9a.example", name="Lena")
    show(lena, "SS-8", 2, SHOWN)
    assert Holding.objects.get(user=lena, capability__code="SS-10").during.lower == NEXT_YEAR


def test_a_published_map_stays(draft: Edition) -> None:
    row = map_row(draft)
    go_public(draft)
    with pytest.raises(ValidationError, match="Only a draft"):
        editing.remove_equivalence(equivalence=row)
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Equivalence.objects.all().delete()


@pytest.mark.parametrize(
    ("changed", "rule", "says"),
    [
        ({"gives": 3}, "equivalence_gives_no_higher_level", "higher level than they showed"),
        ({"new": "SS-8"}, "equivalence_between_two", "two different ones"),
        ({"level": 5, "gives": 2}, "equivalence_levels_1_to_4", None),
        ({}, "equivalence_once", "on the map already"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words_and_by_the_database(
    changed: dict[str, object], rule: str, says: str | None, draft: Edition
) -> None:
    map_row(draft)
    if says:
        with pytest.raises(ValidationError, match=says):
            map_row(draft, **changed)  # type: ignore[arg-type]
    row: dict[str, Any] = {"old": "SS-8", "level": 2, "new": "SS-10", "gives": 2} | changed
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Equivalence.objects.create(
            edition=draft,
            old_capability=Capability.objects.get(code=row["old"]),
            old_level=row["level"],
            new_capability=Capability.objects.get(code=row["new"]),
            new_level=row["gives"],
        )


def test_what_is_left_behind_is_named(draft: Edition) -> None:
    assert left_behind(draft) == ["SS-8"]
    map_row(draft)
    assert left_behind(draft) == []


def staff(trust: Organisation, number: int) -> list[User]:
    team, _ = Team.objects.get_or_create(organisation=trust, code="W1", defaults={"name": "Ward 1"})
    TeamPlace.objects.get_or_create(team=team, defaults={"during": during(date(2015, 1, 1))})
    people = []
    for n in range(number):
        user = User.objects.create_user(f"p{n}@{trust.code}.example", name=f"P{n}")
        membership = Membership.objects.create(user=user, organisation=trust)
        tier = Tier.objects.get(key="frontline")
        Post.objects.create(membership=membership, team=team, tier=tier, during=during(date(2015, 1, 1)))
        people.append(user)
    return people


def test_the_preview_shows_who_would_meet_it_with_and_without_the_map(
    draft: Edition, trust: Organisation
) -> None:
    people = staff(trust, 40)
    ss_8 = Capability.objects.get(code="SS-8")
    for user in people[:20]:
        Holding.objects.create(user=user, capability=ss_8, level=2, during=during(SHOWN))
    tier = Tier.objects.get(key="frontline")

    def lines() -> dict[str, tuple[str, str, str, str]]:
        found = previews(draft, tier, TODAY)[0].different
        return {line.code: (line.now, line.then, line.met_now, line.met_then) for line in found}

    without = lines()
    assert without["SS-10"] == ("not expected", "level 2", "nobody due", "0 of 40")
    map_row(draft)
    assert lines() == {
        "SS-10": ("not expected", "level 2", "nobody due", "20 of 40"),
        "SS-8": ("level 2", "not expected", "20 of 40", "nobody due"),
    }


def test_the_preview_hides_small_numbers_and_asks_the_same_number_of_queries(
    draft: Edition, trust: Organisation, edition: Edition
) -> None:
    staff(trust, 5)
    tier = Tier.objects.get(key="frontline")
    with CaptureQueriesContext(connection) as one:
        found = previews(draft, tier, TODAY)
    texts = {text for line in found[0].lines for text in (line.met_now, line.met_then)}
    assert texts == {"too few to show", "nobody due"}
    for n in range(3):
        other = Organisation.objects.create(code=f"X9{n}", name=f"Other {n}", opened=date(2010, 1, 1))
        adopt_edition(organisation=other, edition=edition, on=date(2015, 1, 1))
        staff(other, 3)
    with CaptureQueriesContext(connection) as four:
        assert len(previews(draft, tier, TODAY)) == 4
    assert (len(one), len(four)) == (5, 5)
