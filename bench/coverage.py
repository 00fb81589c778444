"""How long a coverage page of a trust with 20,000 staff takes.

The people are invented by arithmetic, so that every run counts the same. Nine in ten are in post on the day; among
them are people with two posts, movers, new starters, people on leave, and evidence that has lapsed or soon will.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from competencies.actions import adopt_edition, import_framework
from competencies.coverage.queries import coverage_rows
from competencies.coverage.tables import coverage_table
from competencies.models import Edition
from learning.models import Statement
from workforce.models import Absence, Membership, Organisation, Overlay, Post, Team, TeamPlace, Tier, User
from workforce.models.ranges import during

from .figures import ROUNDS, Figure

STAFF = 20_000
TREE = (6, 30, 114, 450)  # teams at each depth: 600
ON = date(2026, 11, 1)
LONG_AGO = date(2010, 1, 1)
TIERS = ("frontline",) * 17 + ("managers",) * 2 + ("experts",)
ENGAGEMENTS = ("substantive",) * 9 + ("bank",)
FRAMEWORK = settings.BASE_DIR / "competencies" / "frameworks" / "safety-and-improvement-0.2.json"

# 24 capabilities of 36 for each person, at levels 1 to 3, each from one piece of evidence of the last four years.
_SHOWN = """
    WITH person AS (
        SELECT m.user_id, s.id AS statement_id, row_number() OVER (ORDER BY m.id) AS n
        FROM workforce_membership m
        JOIN learning_statement s ON s.payload = m.id::text
        WHERE m.organisation_id = %(organisation)s
    ),
    one AS (
        SELECT ec.capability_id, row_number() OVER (ORDER BY ec.id) AS c
        FROM competencies_editioncapability ec WHERE ec.edition_id = %(edition)s
    ),
    shown AS (
        SELECT *, 1 + (n / 3 + c) %% 3 AS level, %(on)s::date - ((n * 89 + c * 131) %% 1400)::int AS achieved
        FROM person CROSS JOIN one
        WHERE (n + c) %% 3 > 0
    )
"""
_EVIDENCE = """
    INSERT INTO competencies_evidence (user_id, capability_id, level, statement_id, achieved, expires, recorded_at)
    SELECT user_id, capability_id, level, statement_id, achieved, (achieved + interval '36 months')::date, achieved
    FROM shown
"""
_HOLDINGS = """
    INSERT INTO competencies_holding (user_id, capability_id, level, during)
    SELECT user_id, capability_id, level, daterange(achieved, (achieved + interval '36 months')::date)
    FROM shown
"""


def bench(rounds: int = ROUNDS) -> Iterator[Figure]:
    """On the current database; all of it is taken back."""
    with transaction.atomic():
        trust, edition, teams = make_trust()
        ward = teams[-1].pk
        found = [_look(trust, edition, ward) for _ in range(rounds)]
        names = (
            "every team and tier, counted",
            "the table of the trust's front line",
            "the table of one ward",
        )
        for number, name in enumerate(names):
            values = [seconds[number] for seconds in found]
            yield Figure(f"coverage, {name}", f"a trust of {STAFF:,} staff", "s", values)
        transaction.set_rollback(True)


def _look(trust: Organisation, edition: Edition, ward: int) -> list[float]:
    """The seconds of each part."""
    moments = [time.perf_counter()]
    rows = coverage_rows(trust, edition, ON)
    front_line = rows[rows.tier_key == "frontline"]
    moments.append(time.perf_counter())
    coverage_table(front_line, "inside")
    moments.append(time.perf_counter())
    coverage_table(front_line, "inside", ward)
    moments.append(time.perf_counter())
    return [after - before for before, after in pairwise(moments)]


def make_trust() -> tuple[Organisation, Edition, list[Team]]:
    edition = import_framework(raw=FRAMEWORK.read_bytes())[0]
    trust = Organisation.objects.create(
        code="ZCOVER", name="Bench", opened=LONG_AGO, joined=LONG_AGO, is_invented=True
    )
    adopt_edition(organisation=trust, edition=edition, on=LONG_AGO)
    teams = _plant(trust)
    people = _hire(trust, teams)
    Statement.objects.bulk_create(
        Statement(
            id=UUID(int=member.pk),
            stored=datetime(2026, 1, 1, tzinfo=UTC),
            payload=str(member.pk),
            verb="bench",
            timestamp=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for member in people
    )
    with connection.cursor() as cursor:
        for insert in (_EVIDENCE, _HOLDINGS):
            cursor.execute(_SHOWN + insert, {"organisation": trust.pk, "edition": edition.pk, "on": ON})
        cursor.execute("ANALYZE")  # as the server does by itself within minutes
    return trust, edition, teams


def _plant(trust: Organisation) -> list[Team]:
    """The whole tree; the last TREE[-1] of the teams are the wards."""
    teams: list[Team] = []
    above: list[Team] = []
    for depth, number in enumerate(TREE):
        level = Team.objects.bulk_create(
            Team(organisation=trust, code=f"T{depth}{n:03}", name=f"Team {depth}.{n}") for n in range(number)
        )
        TeamPlace.objects.bulk_create(
            TeamPlace(team=team, parent=above[n % len(above)] if above else None, during=during(LONG_AGO))
            for n, team in enumerate(level)
        )
        teams, above = teams + level, level
    return teams


def _hire(trust: Organisation, teams: list[Team]) -> list[Membership]:
    users = User.objects.bulk_create(User(name=f"Bench {n}") for n in range(STAFF))
    people = Membership.objects.bulk_create(
        Membership(user=user, organisation=trust, staff_number=str(n)) for n, user in enumerate(users)
    )
    tiers = {tier.key: tier for tier in Tier.objects.all()}
    posts = Post.objects.bulk_create(
        post for n, person in enumerate(people) for post in _posts(n, person, teams, tiers)
    )
    fitting = {tier.pk: list(Overlay.objects.filter(tiers=tier)) for tier in tiers.values()}
    wearing = ((post, fitting[post.tier_id]) for n, post in enumerate(posts) if n % 3)
    Post.overlays.through.objects.bulk_create(
        Post.overlays.through(post=post, overlay=overlays[post.pk % len(overlays)])
        for post, overlays in wearing
        if overlays
    )
    Absence.objects.bulk_create(
        Absence(membership=person, during=during(ON - timedelta(n % 60), ON + timedelta(20)))
        for n, person in enumerate(people)
        if n % 30 == 0
    )
    return people


def _posts(n: int, person: Membership, teams: list[Team], tiers: dict[str, Tier]) -> Iterator[Post]:
    """One post for each person. One person in ten left it; one in ten has another beside it, one had another before."""
    tier = TIERS[n * 7 % len(TIERS)]
    start = ON - timedelta(n * 37 % 3000)
    left = n % 10 == 1 and start < ON - timedelta(500)

    def post(team: int, tier: str, start: date, end: date | None = None) -> Post:
        engagement = ENGAGEMENTS[n * 3 % len(ENGAGEMENTS)]
        place = teams[-1 - team % TREE[-1]] if n % 8 else teams[team % len(teams)]
        return Post(
            membership=person, team=place, tier=tiers[tier], engagement=engagement, during=during(start, end)
        )

    yield post(n * 11, tier, start, ON - timedelta(n % 500) if left else None)
    if n % 10 == 5:
        yield post(n * 11 + 1 + n % 40, tier, start + timedelta(40))
    if n % 10 == 6:
        old = tier if n % 20 == 6 else {"frontline": "managers"}.get(tier, "frontline")
        yield post(n * 13 + 1, old, start - timedelta(400), start)
