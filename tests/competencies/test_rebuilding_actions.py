"""2,000 random acts through the actions and the database, rebuilt and replayed; and a look that changes nothing."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from competencies.actions import RuleSpec, rebuild_evidence, set_evidence_rules
from competencies.history.appending import append_acts
from competencies.history.replaying import place_after
from competencies.history.stating import state_acts
from competencies.models import (
    Capability,
    CapabilityAct,
    Edition,
    Evidence,
    Holding,
    PanelAct,
    PlanAct,
    PlanAssignment,
)
from competencies.plans.actions import Draft, ItemSpec, end_plan, make_plan, remove_from_plan
from learning import verbs
from learning.actions import actors_for, store_statements, void_statements
from learning.iris import activity_iri
from learning.models import Statement
from workforce.actions import cancel_post, grant, open_post
from workforce.models import Grant, Membership, Organisation, Post, Team, Tier, User

from .conftest import LONDON
from .replay import FIRST, naive_evidence

SEED = 20260603
CHECKS = range(1, 5)
BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)
EVIDENCE = ["user", "capability", "level", "statement", "achieved", "expires", "recorded_at", "withdrawn_at"]
HOLDINGS = ["user", "capability", "level", "during"]
WALK_RULES = [
    *[(n, verbs.PASSED, n, 2, None, None, None) for n in CHECKS],
    *[(n, verbs.PASSED, n - 1, 3, (n - 1, verbs.PASSED), None, None) for n in CHECKS if n > 1],
]


def _iri(number: int) -> str:
    return activity_iri(UUID(int=number))


class Walk:
    """Random acts through the actions and the database: learning, voiding, posts that begin and end, plans."""

    def __init__(
        self, organisation: Organisation, team: Team, people: list[User], by: User, tier: Tier
    ) -> None:
        self.random = Random(SEED)
        self.organisation, self.team, self.people, self.by, self.tier = organisation, team, people, by, tier
        self.actors = actors_for(people)
        self.moment = BEGAN
        self.said: list[UUID] = []
        self.acts = 0

    def go(self, rounds: int) -> None:
        for _ in range(rounds):
            self.moment += timedelta(hours=self.random.randrange(30, 200))
            self._learn()
            self.random.choice([self._void, self._void, self._post, self._plan])()

    def _learn(self) -> None:
        statements = []
        for _ in range(self.random.randrange(5, 25)):
            activity, verb = self.random.choice([*[(n, verbs.PASSED) for n in CHECKS], (31, verbs.COMPLETED)])
            back = timedelta(days=self.random.choice([0, 0, 5, 60]))
            statements.append(
                {
                    "id": str(UUID(int=self.random.getrandbits(128), version=4)),
                    "actor": self.actors[self.random.choice(self.people).pk],
                    "verb": verbs.verb(verb),
                    "object": {"id": _iri(activity)},
                    "timestamp": (self.moment - back).isoformat(),
                }
            )
        self.said += store_statements(statements=statements, at=self.moment)
        self.acts += len(statements)

    def _void(self) -> None:
        some = self.random.sample(self.said, min(len(self.said), 4))
        standing = Statement.objects.filter(pk__in=some, voided_by=None).order_by("pk")
        ids = list(standing.values_list("pk", flat=True))
        at = self.moment + timedelta(hours=1)
        void_statements(statement_ids=ids, by=self.by, reason="By mistake", at=at)
        self.acts += len(ids)

    def _post(self) -> None:
        membership = Membership.objects.get(user=self.random.choice(self.people))
        posts = Post.objects.filter(membership=membership, superseded_at=None)
        if posts.exists():
            cancel_post(post=posts[0])
        else:
            open_post(membership=membership, team=self.team, tier=self.tier, start=FIRST)
        self.acts += 1

    def _plan(self) -> None:
        """Make one, or change one that runs."""
        running = list(PlanAssignment.objects.filter(ended_on=None).order_by("pk"))
        place = self.random.choice(running) if running else None
        kind = self.random.choice(["make", "end", "remove"])
        if place is None or kind == "make":
            item = ItemSpec(capability_code=f"C-{self.random.randrange(1, 4)}", level=2, name="It")
            draft = Draft(self.organisation, "Plan", "Why not", "everybody", [item], due_days=30)
            make_plan(draft=draft, by=self.by)
        elif kind == "end":
            end_plan(plan=place.plan, reason="Done", by=self.by)
        else:
            remove_from_plan(plan=place.plan, user=place.user, reason="On leave", by=self.by)
        self.acts += 1


@pytest.fixture
def walk(organisation: Organisation, team: Team, tiers: dict[str, Tier], edition: Edition) -> Walk:
    head = User.objects.create_user("head@zz8.example", name="Hedda Head")
    grant(user=head, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=date(2015, 1, 5))
    people = [User.objects.create(name=f"Person {n}", email=f"p{n}@zz8.example") for n in range(20)]
    for n, person in enumerate(people):
        Membership.objects.create(user=person, organisation=organisation, staff_number=f"walk-{n}")
    for n in CHECKS:
        Capability.objects.create(
            framework=edition.framework, code=f"C-{n}", iri=f"https://example.org/C-{n}"
        )
    for n in CHECKS:
        rules = [
            RuleSpec(verb, f"C-{capability}", level, (_iri(waits[0]), waits[1]) if waits else None)
            for activity, verb, capability, level, waits, *_ in WALK_RULES
            if activity == n
        ]
        set_evidence_rules(activity_iri=_iri(n), rules=rules)
    return Walk(organisation, team, people, head, tiers["frontline"])


def test_2_000_random_acts_through_the_actions_are_rebuilt_as_they_stand(walk: Walk) -> None:
    while walk.acts < 2_000:
        walk.go(1)

    call_command("rebuild_evidence", check=True, stdout=StringIO())
    evidence, holdings = _stored()
    assert min(len(evidence), len(holdings)) > 100
    assert any(row[-1] for row in evidence)
    assert {(*row[:3], row[3].int, *row[4:]) for row in evidence} == _replayed(walk)
    assert rebuild_evidence() == len(evidence)
    assert _stored() == (evidence, holdings)
    for place in PlanAssignment.objects.all():
        done = list(place.acts.order_by("number").values_list("act", "on"))
        kept = (place.since, place.met_on, place.ended_on, place.newest_act)
        assert tuple(vars(place_after(done)).values()) == kept
    assert PlanAct.objects.count() > PlanAssignment.objects.count()


def _replayed(walk: Walk) -> set[tuple]:
    """The evidence of everybody, replayed from the statements by plain loops."""
    capabilities = {n: Capability.objects.get(code=f"C-{n}").pk for n in CHECKS}
    months = dict(Edition.objects.get().levels.values_list("number", "validity_months"))
    numbers = {_iri(n): n for n in (*CHECKS, 31)}
    found = set()
    for person in walk.people:
        rows = Statement.objects.filter(actor__user=person).select_related("activity")
        said = [
            (
                one.pk.int,
                numbers[one.activity.iri],
                one.verb,
                one.timestamp.astimezone(LONDON).date(),
                one.stored,
                one.voided_at,
                None,
            )
            for one in rows
            if one.activity
        ]
        for capability, level, *rest in naive_evidence(said, WALK_RULES, [(FIRST, months)], []):
            found.add((person.pk, capabilities[capability], level, *rest))
    return found


def test_history_that_was_told_on_the_way_is_the_history_told_at_the_end(walk: Walk) -> None:
    for _ in range(4):
        walk.go(4)
        append_acts(on=walk.moment.date())
    told = set(
        CapabilityAct.objects.exclude(act="expire").values_list("act", "source", "capability", "level", "at")
    )
    state_acts()
    CapabilityAct.objects.all().delete()

    append_acts(on=walk.moment.date())

    again = CapabilityAct.objects.exclude(act="expire")
    assert set(again.values_list("act", "source", "capability", "level", "at")) == told
    assert {act for act, *_ in told} == {"achieve", "revoke"}


def _stored() -> tuple[list[tuple], list[tuple]]:
    return (
        list(Evidence.objects.order_by(*EVIDENCE).values_list(*EVIDENCE)),
        list(Holding.objects.order_by(*HOLDINGS).values_list(*HOLDINGS)),
    )


def test_a_look_finds_what_differs_and_changes_nothing(walk: Walk) -> None:
    walk.go(3)
    changed, gone = Evidence.objects.order_by("pk")[:2]
    Evidence.objects.filter(pk=changed.pk).update(achieved=changed.achieved - timedelta(days=400))
    Holding.objects.filter(user=gone.user).delete()
    before = _stored()

    errors = StringIO()
    with pytest.raises(CommandError, match="not what the record gives"):
        call_command("rebuild_evidence", check=True, stdout=StringIO(), stderr=errors)

    wrong = sorted({changed.user_id, gone.user_id})
    assert errors.getvalue() == f"{len(wrong)} people differ, by id: {', '.join(map(str, wrong))}\n"
    assert _stored() == before


def test_a_look_finds_a_place_that_is_not_what_its_acts_say(walk: Walk) -> None:
    walk._post()
    walk._plan()
    place = PlanAssignment.objects.get()
    PlanAssignment.objects.filter(pk=place.pk).update(newest_act=7)
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("rebuild_evidence", check=True, stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == f"1 places on plans differ, by id: {place.pk}\n"
    assert not PanelAct.objects.exists()
