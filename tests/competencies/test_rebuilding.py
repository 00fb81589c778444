"""100,000 random acts, rebuilt by the product and replayed by plain loops that share nothing with it."""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from competencies.actions import RuleSpec, rebuild_evidence, set_evidence_rules
from competencies.derivation import Rule, Shown, Validity, awards_from, holdings_from
from competencies.equivalence import EquivalenceMap, with_equivalents
from competencies.history.appending import append_acts
from competencies.history.replaying import panel_after, place_after, practice_after
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
from competencies.plans import states as plan_states
from competencies.plans.actions import Draft, ItemSpec, end_plan, make_plan, remove_from_plan
from competencies.portfolio import states as panel_states
from competencies.practice_states import MAY_FOLLOW, State
from curriculum import prior_learning_states as prior_states
from curriculum.models import PriorLearningAct
from learning import verbs
from learning.actions import actors_for, store_statements, void_statements
from learning.iris import activity_iri
from learning.models import Statement
from workforce.actions import cancel_post, grant, open_post
from workforce.models import Grant, Membership, Organisation, Post, Team, Tier, User

from .conftest import LONDON

SEED = 20260601
PEOPLE, ACTS_OF_A_PERSON = 2_000, 35
WALKS, LONGEST_WALK = 2_500, 12
FIRST, LAST = date(2026, 1, 1), date(2029, 1, 1)
BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)
EVIDENCE = ["user", "capability", "level", "statement", "achieved", "expires", "recorded_at", "withdrawn_at"]
HOLDINGS = ["user", "capability", "level", "during"]

# What the naive replay works with: plain tuples and dicts.
CHECKS, LOGS, PORTFOLIOS = range(1, 5), range(11, 15), range(21, 23)
PLAIN_RULES = [
    # activity, verb, capability, level, waits for, from, to
    *[(n, "passed", n, 1 + n % 2, None, None, date(2026, 8, 1)) for n in CHECKS],
    *[(n, "passed", n, 2, None, date(2026, 8, 1), None) for n in CHECKS],
    *[(n, "verified", n - 10, 3, (n - 10, "passed"), None, None) for n in LOGS],
    *[(n, "verified", n - 20, 4, (n - 10, "verified"), None, None) for n in PORTFOLIOS],
]
PLAIN_EDITIONS = [
    (date(2025, 1, 1), {1: 3, 2: 2, 3: 1, 4: 2}),
    (date(2026, 9, 1), {1: None, 2: 1, 3: 2, 4: 1}),
]
PLAIN_MAPS = [
    # dated, known, (old, level) → {new: level}
    (date(2026, 5, 1), BEGAN + timedelta(days=60), {(1, 2): {5: 2}, (1, 3): {5: 3, 6: 2}}),
    (date(2026, 10, 1), BEGAN + timedelta(days=250), {(5, 1): {6: 1}, (2, 2): {1: 2}, (1, 2): {2: 1}}),
]


def test_evidence_and_holdings_of_70_000_random_acts_are_those_of_a_plain_replay() -> None:
    random, acts = Random(SEED), 0
    rules = [
        Rule(UUID(int=activity), verb, capability, level, _after(waits), start, end)
        for activity, verb, capability, level, waits, start, end in PLAIN_RULES
    ]
    validity = Validity(PLAIN_EDITIONS)
    maps = [EquivalenceMap(*each) for each in PLAIN_MAPS]
    withdrawn = carried = 0
    for _ in range(PEOPLE):
        said = random_statements(random, ACTS_OF_A_PERSON)
        acts += ACTS_OF_A_PERSON
        shown = [
            Shown(UUID(int=id), UUID(int=activity), verb, on, stored, voided, until)
            for id, activity, verb, on, stored, voided, until in said
        ]
        found = with_equivalents(awards_from(shown, rules, validity), maps)
        rows = {
            (
                a.capability_id,
                a.level,
                a.statement_id.int,
                a.achieved,
                a.expires,
                a.recorded_at,
                a.withdrawn_at,
            )
            for a in found
        }
        assert len(rows) == len(found)
        expected = naive_evidence(said, PLAIN_RULES, PLAIN_EDITIONS, PLAIN_MAPS)
        assert rows == expected
        withdrawn += sum(row[6] is not None for row in rows)
        carried += sum(row[0] > 4 for row in rows)
        for capability in range(1, 7):
            current = [
                (lv, start, end) for c, lv, _, start, end, _, gone in rows if c == capability and not gone
            ]
            assert holdings_from(current) == naive_holdings(current)
    assert acts == 70_000
    assert min(withdrawn, carried) > 1_000  # the walk went everywhere


def _after(waits: tuple[int, str] | None) -> tuple[tuple[UUID, str], ...]:
    return ((UUID(int=waits[0]), waits[1]),) if waits else ()


def random_statements(random: Random, acts: int) -> list[tuple]:  # type: ignore[type-arg]
    """A person's statements as (id, activity, verb, on, stored, voided, until); each and each voiding is an act."""
    said: list[tuple] = []  # type: ignore[type-arg]
    moment = BEGAN
    for number in range(acts):
        moment += timedelta(minutes=random.randrange(1, 60 * 24 * 25))
        standing = [n for n, one in enumerate(said) if one[5] is None]
        if standing and random.random() < 0.2:
            n = random.choice(standing)
            said[n] = (*said[n][:5], moment, said[n][6])
            continue
        verb, activities = random.choice(
            [("passed", CHECKS), ("passed", CHECKS), ("verified", LOGS), ("verified", PORTFOLIOS)]
        )
        on = moment.date() - timedelta(days=random.choice([0, 0, 0, 1, 20, 90]))
        until = on + timedelta(days=random.randrange(1, 80)) if random.random() < 0.1 else None
        said.append((number + 1, random.choice(activities), verb, on, moment, None, until))
    return said


def naive_evidence(said: list[tuple], rules: list, editions: list, maps: list) -> set[tuple]:  # type: ignore[type-arg]
    """Go through every moment at which something became known; a row begins and ends where what counted changes."""
    moments = sorted({one[4] for one in said} | {one[5] for one in said if one[5]})
    open_rows: dict[tuple, datetime] = {}  # type: ignore[type-arg]
    rows: set[tuple] = set()  # type: ignore[type-arg]
    for moment in moments:
        known = [one for one in said if one[4] <= moment and (one[5] is None or one[5] > moment)]
        counts = naive_counted(known, rules, editions)
        for row in [row for row in open_rows if row not in counts]:
            rows.add((*row, open_rows.pop(row), moment))
        for row in counts:
            open_rows.setdefault(row, moment)
    rows |= {(*row, since, None) for row, since in open_rows.items()}
    for dated, known, given in maps:
        rows |= naive_carried(rows, dated, known, given)
    return rows


def naive_counted(known: list[tuple], rules: list, editions: list) -> set[tuple]:  # type: ignore[type-arg]
    """(capability, level, statement, achieved, expires) of everything that counts, when this is all that is known."""
    days: dict[tuple[int, str], list[date]] = defaultdict(list)
    for _, activity, verb, on, *_ in known:
        days[activity, verb].append(on)
    counts = set()
    for id, activity, verb, on, _, _, until in known:
        for of, by, capability, level, waits, start, end in rules:
            if (of, by) != (activity, verb) or (start and on < start) or (end and on >= end):
                continue
            achieved = on
            chain = []
            while waits:  # a portfolio waits for practice, and practice for the check
                chain.append(waits)
                waits = next((r[4] for r in rules if (r[0], r[1], r[2]) == (*waits, capability)), None)
            if not all(days[each] for each in chain):
                continue
            for each in chain:
                achieved = max(achieved, min(days[each]))
            if until and until <= achieved:
                continue
            for at in (3, 2, 1) if level == 3 else (level,):
                ends = naive_end(achieved, at, editions)
                ends = until if until and (ends is None or until < ends) else ends
                counts.add((capability, at, id, achieved, ends))
    return counts


def naive_end(achieved: date, level: int, editions: list) -> date | None:  # type: ignore[type-arg]
    months = editions[0][1][level]
    for dated, each in editions:
        if dated <= achieved:
            months = each[level]
    if months is None:
        return None
    year, month = achieved.year, achieved.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(achieved.day, calendar.monthrange(year, month)[1]))


def naive_carried(rows: set[tuple], dated: date, known: datetime, given: dict) -> set[tuple]:  # type: ignore[type-arg]
    standing = {(row[2], row[0], row[1]) for row in rows if row[6] is None}
    best: dict[tuple, tuple] = {}  # type: ignore[type-arg]
    for capability, level, id, achieved, expires, recorded, withdrawn in rows:
        levels: dict[int, int] = {}
        for (old, least), new in given.items():
            if old == capability and level >= least:
                for to, at in new.items():
                    if at > levels.get(to, 0):
                        levels[to] = at
        begins, learned = max(achieved, dated), max(recorded, known)
        if (expires and expires <= begins) or (withdrawn and withdrawn <= learned):
            continue
        for to, at in levels.items():
            key, row = (id, to, at), (to, at, id, begins, expires, learned, withdrawn)
            if key not in standing and (key not in best or naive_better(row, best[key])):
                best[key] = row
    return set(best.values())


def naive_better(new: tuple, old: tuple) -> bool:  # type: ignore[type-arg]
    """What still stands goes first, then what ends last, begins first, was known first, and was withdrawn last."""
    if (new[6] is None) != (old[6] is None):
        return new[6] is None
    if new[4] != old[4]:
        return new[4] is None or (old[4] is not None and new[4] > old[4])
    if new[3] != old[3]:
        return new[3] < old[3]
    if new[5] != old[5]:
        return new[5] < old[5]
    return bool(new[6] and new[6] > old[6])


def naive_holdings(current: list[tuple]) -> list[tuple]:  # type: ignore[type-arg]
    """Paint every day with the highest level, then read the days one after another."""
    painted: dict[date, int] = {}
    for level, start, end in current:
        day = start
        while day < (end or LAST):
            painted[day] = max(level, painted.get(day, 0))
            day += timedelta(days=1)
    held: list[list] = []  # type: ignore[type-arg]
    for day in sorted(painted):
        if held and held[-1][0] == painted[day] and held[-1][2] == day:
            held[-1][2] = day + timedelta(days=1)
        else:
            held.append([painted[day], day, day + timedelta(days=1)])
    return [(level, start, None if end == LAST else end) for level, start, end in held]


def test_where_things_stand_after_28_000_random_acts_is_what_a_plain_replay_says() -> None:
    random, acts = Random(SEED + 1), 0
    for _ in range(WALKS):
        for walk, check in ((_practice, _check_practice), (_panel, _check_panel)):
            done = walk(random)
            acts += len(done)
            check(random, done)
        for walk, check in ((_place, _check_place), (_prior, _check_prior)):
            done = walk(random)
            acts += len(done)
            check(random, done)
    assert acts >= 28_000


def _walk(random: Random, nexts: dict, start: object) -> Iterator[str]:  # type: ignore[type-arg]
    state = start
    for _ in range(random.randrange(1, LONGEST_WALK)):
        if not nexts[state]:
            return
        act = random.choice(sorted(nexts[state]))
        yield act
        state = nexts[state][act]


def _practice(random: Random) -> list[str]:
    return list(_walk(random, PRACTICE, "Draft"))


PRACTICE = {
    "Draft": {"request": "Waiting"},
    "Waiting": {
        "move": "Waiting",
        "withdraw": "Withdrawn",
        "ask": "Question asked",
        "pass_on": "Waiting",
        "verify": "Confirmed",
        "decline": "Not yet",
    },
    "Question asked": {
        "answer": "Waiting",
        "move": "Waiting",
        "withdraw": "Withdrawn",
        "pass_on": "Waiting",
        "verify": "Confirmed",
        "decline": "Not yet",
    },
    "Withdrawn": {"request": "Waiting"},
    "Not yet": {"request": "Waiting"},
    "Confirmed": {},
}


def _check_practice(random: Random, acts: list[str]) -> None:
    state = "Draft"
    for act in acts:
        assert act in MAY_FOLLOW[State(state)]
        state = PRACTICE[state][act]
    assert practice_after((act, True) for act in acts) == state
    # A confirmation that is voided leaves what was there before it.
    if acts[-1] == "verify":
        before = "Draft"
        for act in acts[:-1]:
            before = PRACTICE[before][act]
        assert practice_after([*((act, True) for act in acts[:-1]), ("verify", False)]) == before


def _panel(random: Random) -> list[str]:
    nexts = {s: dict(panel_states.NEXT[s]) for s in panel_states.State}
    return list(_walk(random, nexts, panel_states.State.GATHERING))


def _check_panel(random: Random, acts: list[str]) -> None:
    states, answers, with_panel = [], [], False
    state = "gathering"
    for act in acts:
        if act == "put_forward":
            answers, with_panel, state = [], True, "waiting"
        elif act in ("agree", "not_yet"):
            answers.append(act)
            if len(answers) == 1:
                state = "one_yes" if act == "agree" else "one_not_yet"
            else:
                state = "conferred" if answers == ["agree", "agree"] else "not_yet"
                with_panel = False
        elif act == "withdraw":
            state, with_panel = "withdrawn", False
        elif act == "revoke":
            state, with_panel = "revoked", False
        else:
            assert with_panel
        states.append(state)
    assert panel_after(acts) == states


def _place(random: Random) -> list[tuple[str, date]]:
    nexts = {s: dict(plan_states.MAY_FOLLOW[s]) for s in plan_states.State}
    on, found = FIRST, []
    for act in _walk(random, nexts, plan_states.State.NOWHERE):
        found.append((act, on))
        on += timedelta(days=random.randrange(-3, 40))
    return found


def _check_place(random: Random, acts: list[tuple[str, date]]) -> None:
    row: dict[str, object] = {}
    for number, (act, on) in enumerate(acts, start=1):
        if act == "plan":
            row = {"since": on, "met_on": None, "ended_on": None}
        elif act == "meet":
            row["met_on"] = on
        elif act == "reopen":
            row["met_on"] = None
        else:
            days = [on, row["since"]] + ([row["met_on"]] if row["met_on"] else [])
            row["ended_on"] = sorted(days)[-1]  # type: ignore[type-var]
        row["newest_act"] = number
    assert vars(place_after(acts)) == row


def _prior(random: Random) -> list[str]:
    nexts = {
        s: {a: prior_states.STATE_AFTER[a] for a in prior_states.MAY_FOLLOW[s]} for s in prior_states.State
    }
    return list(_walk(random, nexts, prior_states.State.NEW))


def _check_prior(random: Random, acts: list[str]) -> None:
    plain = {
        "ask": "Waiting for a decision",
        "withdraw": "Taken back",
        "accept": "Accepted",
        "not_yet": "Not yet",
        "undo": "Accepted by mistake",
    }
    newest = PriorLearningAct(act=acts[-1])
    assert prior_states.state_after(newest) == plain[acts[-1]]
    if acts[-1] == "accept" and random.random() < 0.5:
        newest.statement = Statement(voided_at=BEGAN)
        assert prior_states.state_after(newest) == "Accepted by mistake"


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
        self.random = Random(SEED + 2)
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


def _replayed(walk: Walk) -> set[tuple]:  # type: ignore[type-arg]
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


def _stored() -> tuple[list[tuple], list[tuple]]:  # type: ignore[type-arg]
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
