"""70,000 random acts of learning, and what the product and a plain replay make of them."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from competencies.derivation import Rule, Shown, Validity, awards_from, holdings_from
from competencies.equivalence import EquivalenceMap, with_equivalents

from .replay import naive_evidence, naive_holdings

SEED = 20260601
PEOPLE, ACTS_OF_A_PERSON = 2_000, 35
BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)

# What the naive replay works with: plain tuples and dicts.
CHECKS, LOGS, PORTFOLIOS = range(1, 5), range(11, 15), range(21, 23)
PLAIN_RULES = [
    # activity, verb, capability, level, waits for, from, to
    *[(n, "passed", n, 1 + n % 2, None, None, date(2026, 8, 1)) for n in CHECKS],
    *[(n, "passed", n, 2, None, date(2026, 8, 1), None) for n in CHECKS],
    *[(n, "verified", n - 10, 3, (n - 10, "passed"), None, None) for n in LOGS],
    *[(n, "verified", n - 20, 4, (n - 10, "verified"), None, None) for n in PORTFOLIOS],
]
PLAIN_EDITIONS: list[tuple[date, dict[int, int | None]]] = [
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


def random_statements(random: Random, acts: int) -> list[tuple]:
    """A person's statements as (id, activity, verb, on, stored, voided, until); each and each voiding is an act."""
    said: list[tuple] = []
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
