"""The SQL that counts coverage, against the plain recount, on random small organisations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import uuid4

import pandas as pd
import pytest

from competencies.actions import adopt_edition
from competencies.coverage.queries import coverage_rows, local_rows
from competencies.coverage.recount import (
    RECOUNTED,
    Added,
    Expected,
    InPost,
    Person,
    Shown,
    count,
    count_added,
)
from competencies.derivation import holdings_from
from competencies.models import Capability, Edition, Evidence, Holding, LocalRequirement, Requirement
from competencies.queries import expectations
from learning.models import Statement
from workforce.models import Absence, Membership, Organisation, Overlay, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during
from workforce.months import months_after

KNOWN = datetime(2027, 1, 1, tzinfo=UTC)
FIRST, LAST = date(2022, 1, 1), date(2027, 1, 1)
DAYS = (date(2024, 2, 29), date(2025, 11, 30), date(2026, 12, 15))
TIERS = ("board", "managers", "frontline", "experts", "patients")
ENGAGEMENTS = ("substantive", "substantive", "substantive", "bank", "agency", "contractor", "lay")
LINES = {"bank": "bank", "agency": "agency", "contractor": "contractor"}
# Few capabilities, of every grace and with every kind of overlay, so that many people share each cell.
CAPABILITIES = ("SS-1", "PP-4", "LC-3", "LC-5", "IM-2", "SS-5", "LN-2", "GR-1", "ME-5", "PP-2")
PEOPLE = 30
Days = tuple[date, date | None]
Place = tuple[Team, str, Days, str, list[str]]


@dataclass
class Somebody:
    """One person as generated, before the database and the recount are each told of them."""

    posts: list[Place] = field(default_factory=list)
    elsewhere: list[tuple[str, Days]] = field(default_factory=list)
    evidence: list[Shown] = field(default_factory=list)
    leave: list[Days] = field(default_factory=list)
    first_nhs_day: date | None = None

    def as_counted(self, on: date) -> Person | None:
        """None while they have not begun here: what they did elsewhere is then nothing to this organisation."""
        if not any(days[0] <= on for _, _, days, _, _ in self.posts):
            return None
        here = [
            InPost(team.pk, tier, *days, LINES.get(engagement, "staff"), frozenset(worn))
            for team, tier, days, engagement, worn in self.posts
        ]
        before = [InPost(0, tier, *days) for tier, days in self.elsewhere]
        return Person((*before, *here), tuple(self.evidence), tuple(self.leave), self.first_nhs_day)


def a_day(random: Random, start: date = FIRST, end: date = LAST) -> date:
    """Any day, but often one on which a count turns."""
    if random.random() < 0.3:
        turning = random.choice(DAYS) - timedelta(
            random.choice((-1, 0, 1, 28, 29, 89, 90, 91, 364, 365, 366, 730))
        )
        if start <= turning < end:
            return turning
    return start + timedelta(random.randrange((end - start).days))


def spans(random: Random, most: int, long: tuple[int, ...]) -> list[Days]:
    """Up to `most` spans, one after the other; the last may be open."""
    found: list[Days] = []
    start = a_day(random)
    for _ in range(random.randint(0, most)):
        end = start + timedelta(random.choice(long))
        found.append((start, end))
        start = end + timedelta(random.choice((0, 0, 1, 40, 400)))
    if found and random.random() < 0.5:
        found[-1] = (found[-1][0], None)
    return found


def somebody(random: Random, teams: list[Team], fitting: dict[str, list[str]]) -> Somebody:
    person = Somebody()
    places = {(random.choice(teams), random.choice(TIERS)) for _ in range(random.choice((1, 1, 2, 2, 3)))}
    ends: set[date | None] = set()
    others = [place for place in product(teams, TIERS) if place not in places]
    if random.random() < 0.4:
        person.posts = a_move(random, random.sample(others, 2), fitting)
        ends = {days[1] for _, _, days, _, _ in person.posts}
    for team, tier in sorted(places, key=lambda place: (place[0].pk, place[1])):
        for start, end in spans(random, 3, (1, 30, 90, 200, 365, 700)):
            if end is not None and end in ends:  # Of two posts that end on one day, neither was the last.
                continue
            ends.add(end)
            worn = [key for key in fitting[tier] if random.random() < 0.4]
            person.posts.append((team, tier, (start, end), random.choice(ENGAGEMENTS), worn))
    if random.random() < 0.3:
        start = a_day(random, date(2019, 1, 1), FIRST)
        end = start + timedelta(random.randint(1, (FIRST - start).days))
        person.elsewhere = [(random.choice(TIERS), (start, end))]
    if random.random() < 0.3:
        person.first_nhs_day = a_day(random, date(2018, 1, 1), LAST)
    person.leave = spans(random, 2, (28, 29, 60, 300))
    for code in CAPABILITIES:
        for _ in range(random.choice((0, 1, 1, 2))):
            achieved = a_day(random, date(2020, 1, 1))
            lapses = random.choice((None, months_after(achieved, 36), months_after(achieved, 12)))
            if random.random() < 0.2:
                lapses = max(a_day(random), achieved + timedelta(1))
            person.evidence.append(Shown(code, random.randint(1, 4), achieved, lapses))
    return person


def a_move(random: Random, places: list[tuple[Team, str]], fitting: dict[str, list[str]]) -> list[Place]:
    """From one team and tier to another on a day that is counted, or out on it; often with the same overlays."""
    on = random.choice(DAYS)
    engagement = random.choice(ENGAGEMENTS)
    spans: list[Days] = [(on - timedelta(random.choice((1, 89, 90, 400))), on), (on, None)]
    return [
        (team, tier, days, engagement, fitting[tier][: random.randint(0, 2)])
        for (team, tier), days in zip(places, spans[: random.choice((1, 2, 2, 2))], strict=False)
    ]


def plant_teams(random: Random, trust: Organisation) -> list[Team]:
    """Two divisions for all time; wards that move between them, stand alone, open late or close."""
    divisions = [Team.objects.create(organisation=trust, code=f"D{n}", name=f"Division {n}") for n in (1, 2)]
    TeamPlace.objects.create(team=divisions[0], during=during(date(2015, 1, 1)))
    TeamPlace.objects.create(team=divisions[1], parent=divisions[0], during=during(date(2015, 1, 1)))
    wards = [Team.objects.create(organisation=trust, code=f"W{n}", name=f"Ward {n}") for n in range(4)]
    for ward in wards:
        day = date(2015, 1, 1) if random.random() < 0.8 else a_day(random)
        for _ in range(random.randint(1, 3)):
            end = day + timedelta(random.choice((400, 2500, 4000)))
            parent = random.choice((None, *divisions))
            TeamPlace.objects.create(team=ward, parent=parent, during=during(day, end))
            day = end
    return [*divisions, *wards]


def store(people: list[Somebody], trust: Organisation, other: Organisation) -> None:
    tiers = {tier.key: tier for tier in Tier.objects.all()}
    overlays = {overlay.key: overlay for overlay in Overlay.objects.all()}
    codes = {c.code: c for c in Capability.objects.all()}
    away = Team.objects.create(organisation=other, code="X", name="Elsewhere")
    users = User.objects.bulk_create(
        User(name=str(number), first_nhs_day=person.first_nhs_day) for number, person in enumerate(people)
    )
    here, there = (
        Membership.objects.bulk_create(
            Membership(user=user, organisation=body, staff_number=str(n)) for n, user in enumerate(users)
        )
        for body in (trust, other)
    )
    posts: list[Post] = []
    worn: list[Sequence[str]] = []
    leave: list[Absence] = []
    holdings: list[Holding] = []
    evidence: list[Evidence] = []
    for number, person in enumerate(people):
        for tier, days in person.elsewhere:
            posts.append(Post(membership=there[number], team=away, tier=tiers[tier], during=during(*days)))
            worn.append([])
        for team, key, days, engagement, keys in person.posts:
            posts.append(
                Post(
                    membership=here[number],
                    team=team,
                    tier=tiers[key],
                    engagement=engagement,
                    during=during(*days),
                )
            )
            worn.append(keys)
        leave += [Absence(membership=here[number], during=during(*days)) for days in person.leave]
        holdings += [
            Holding(user=users[number], capability=codes[code], level=level, during=during(start, end))
            for code in CAPABILITIES
            for level, start, end in holdings_from(
                (e.level, e.achieved, e.expires) for e in person.evidence if e.capability == code
            )
        ]
        evidence += [
            Evidence(
                user=users[number],
                capability=codes[e.capability],
                level=e.level,
                statement=Statement(id=uuid4(), stored=KNOWN, payload="{}", verb="x", timestamp=KNOWN),
                achieved=e.achieved,
                expires=e.expires,
                recorded_at=KNOWN,
            )
            for e in person.evidence
        ]
    Statement.objects.bulk_create(row.statement for row in evidence)
    Evidence.objects.bulk_create(evidence)
    Post.objects.bulk_create(posts)
    Post.overlays.through.objects.bulk_create(
        Post.overlays.through(post=post, overlay=overlays[key])
        for post, keys in zip(posts, worn, strict=True)
        for key in keys
    )
    Absence.objects.bulk_create(leave)
    Holding.objects.bulk_create(holdings)


def expected(edition: Edition) -> list[Expected]:
    asked = Requirement.objects.filter(edition=edition).select_related("tier", "overlay", "capability")
    return [
        Expected(
            r.capability.code,
            r.level,
            r.grace_days,
            r.tier.key if r.tier else "",
            r.overlay.key if r.overlay else "",
        )
        for r in asked
        if r.capability.code in CAPABILITIES
    ]


def ask_more(random: Random, trust: Organisation, by: User) -> list[LocalRequirement]:
    """Local additions of every kind: above, at and below the edition, of tiers and of overlays, one after the other."""
    tiers, overlays = list(Tier.objects.all()), list(Overlay.objects.all())
    made: dict[tuple[Any, ...], LocalRequirement] = {}
    for _ in range(60):
        whose = random.choice([(random.choice(tiers), None), (None, random.choice(overlays))])
        code = random.choice(CAPABILITIES)
        start = a_day(random)
        made[*whose, code] = LocalRequirement(
            organisation=trust,
            tier=whose[0],
            overlay=whose[1],
            capability=Capability.objects.get(code=code),
            level=random.randint(1, 4),
            grace_days=random.choice((0, 30, 365)),
            reason="A test",
            during=during(start, None),
            added_by=by,
            added_at=KNOWN,
        )
    return LocalRequirement.objects.bulk_create(made.values())


def added(rows: list[LocalRequirement], on: date) -> list[Added]:
    return [
        Added(
            row.capability.code,
            row.level,
            row.grace_days,
            row.tier.key if row.tier else "",
            row.overlay.key if row.overlay else "",
            since=row.during.lower,
        )
        for row in rows
        if row.during.lower <= on
    ]


def comparable(rows: pd.DataFrame) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Node, tier, capability and engagement → the five counts."""
    keys, counts = list(RECOUNTED[:4]), list(RECOUNTED[4:])
    of_these = rows[rows["capability_code"].isin(CAPABILITIES)]
    node = of_these["node_id"].astype("Int64").fillna(0).astype(int)
    return {
        tuple(row[key] for key in keys): tuple(int(row[name]) for name in counts)
        for row in of_these.assign(node_id=node).to_dict("records")
    }


@pytest.mark.parametrize("seed", range(10))
def test_sql_counts_as_the_plain_recount_does(seed: int, trust: Organisation, edition: Edition) -> None:
    random = Random(seed)
    teams = plant_teams(random, trust)
    other = Organisation.objects.create(code="X9B", name="Other Trust", opened=date(2010, 1, 1))
    fitting = {
        tier.key: sorted(overlay.key for overlay in tier.overlays.all()) for tier in Tier.objects.all()
    }
    people = [somebody(random, teams, fitting) for _ in range(PEOPLE)]
    store(people, trust, other)
    local = ask_more(random, trust, User.objects.order_by("pk")[0])

    for on in DAYS:
        standing = dict(TeamPlace.objects.filter(during__contains=on).values_list("team", "parent"))
        counted = comparable(coverage_rows(trust, edition, on))
        begun = [person for one in people if (person := one.as_counted(on))]
        again = comparable(count(begun, expected(edition), standing, on))
        # A team that does not stand in the tree on the day has no line; its people count in the organisation.
        again = {key: value for key, value in again.items() if not key[0] or key[0] in standing}
        differ = {k: (counted.get(k), again.get(k)) for k in counted.keys() | again.keys()}
        assert {k: pair for k, pair in differ.items() if pair[0] != pair[1]} == {}, on

        of_local = local_rows(trust, edition, on)
        on_top = {} if of_local is None else comparable(of_local)
        once_more = comparable(count_added(begun, expected(edition), added(local, on), standing, on))
        once_more = {key: value for key, value in once_more.items() if not key[0] or key[0] in standing}
        differ = {k: (on_top.get(k), once_more.get(k)) for k in on_top.keys() | once_more.keys()}
        assert {k: pair for k, pair in differ.items() if pair[0] != pair[1]} == {}, on
        assert on_top or on != DAYS[-1]

        tier = Tier.objects.get(key=random.choice(TIERS))
        of_tier = comparable(coverage_rows(trust, edition, on, tier))
        assert of_tier == {k: counts for k, counts in counted.items() if k[1] == tier.key}


def test_an_organisation_that_has_adopted_no_edition_has_no_rows(
    trust: Organisation, edition: Edition, team_of_one: None
) -> None:
    assert coverage_rows(trust, edition, date(2014, 12, 31)).empty
    assert not coverage_rows(trust, edition, date(2015, 1, 1)).empty


@pytest.fixture
def team_of_one(trust: Organisation, edition: Edition) -> None:
    ward = Team.objects.create(organisation=trust, code="W1", name="Ward")
    TeamPlace.objects.create(team=ward, during=during(date(2010, 1, 1)))
    membership = Membership.objects.create(
        user=User.objects.create(name="a"), organisation=trust, staff_number="1"
    )
    Post.objects.create(
        membership=membership,
        team=ward,
        tier=Tier.objects.get(key="frontline"),
        during=during(date(2010, 1, 1)),
    )


@pytest.mark.parametrize(
    ("worn", "level"),
    [
        ([], 2),
        (["learning_response_lead"], 3),
        (["engagement_lead"], None),
        (["learning_response_lead", "engagement_lead"], 3),
    ],
    ids=["no overlay", "one that asks more", "one that takes it away", "both"],
)
def test_of_two_overlays_the_higher_level_counts_and_one_alone_replaces_the_tier(
    worn: list[str], level: int | None, trust: Organisation, edition: Edition, team_of_one: None
) -> None:
    draft = Edition.objects.create(
        framework=edition.framework, version="T", dated=date(2015, 1, 1), note="A test"
    )
    domain = draft.domains.create(code="SS", name="Safety", order=0)
    ss_1 = Capability.objects.get(code="SS-1")
    draft.capabilities.create(capability=ss_1, domain=domain, name="Systems", description="x", order=0)
    shared = {"capability": ss_1, "grace_days": 0, "provenance": "direct"}
    draft.requirements.create(tier=Tier.objects.get(key="frontline"), level=2, **shared)
    for key, asked in (("learning_response_lead", 3), ("engagement_lead", 0)):
        draft.requirements.create(overlay=Overlay.objects.get(key=key), level=asked, **shared)
    Edition.objects.filter(pk=draft.pk).update(state="review")
    Edition.objects.filter(pk=draft.pk).update(state="published")
    draft.refresh_from_db()
    adopt_edition(organisation=trust, edition=draft, on=date(2016, 1, 1))
    post = Post.objects.get()
    post.overlays.set(Overlay.objects.filter(key__in=worn))

    found = expectations(post.membership.user, DAYS[-1])

    assert [each.level for each in found] == ([level] if level else [])
