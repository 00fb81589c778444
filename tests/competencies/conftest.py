from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from competencies.actions import RuleSpec, adopt_edition, import_framework, set_evidence_rules
from competencies.models import Edition, SigningKey
from competencies.passport.signing import KeyPair, new_key_pair
from learning import verbs
from learning.actions import actor_for, store_statements
from learning.iris import activity_iri
from workforce.models import Organisation, User

FRAMEWORK = Path(__file__).parents[2] / "competencies" / "frameworks" / "safety-and-improvement-0.2.json"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def edition(db: None) -> Edition:
    return import_framework(raw=FRAMEWORK.read_bytes())[0]


@pytest.fixture
def trust(edition: Edition) -> Organisation:
    trust = Organisation.objects.create(code="X9A", name="Test Trust", opened=date(2010, 1, 1))
    adopt_edition(organisation=trust, edition=edition, on=date(2015, 1, 1))
    return trust


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON)


@pytest.fixture
def show(edition: Edition) -> Callable[..., UUID]:
    """Put on the record that a person showed a capability at a level on a day; returns the statement's id."""

    def show(user: User, code: str, level: int, day: date, stored: datetime | None = None) -> UUID:
        iri = activity_iri(UUID(int=level * 1000 + sum(map(ord, code))))
        set_evidence_rules(activity_iri=iri, rules=[RuleSpec(verbs.PASSED, code, level)])
        statement = {
            "id": str(uuid4()),
            "actor": actor_for(user),
            "verb": verbs.verb(verbs.PASSED),
            "object": {"objectType": "Activity", "id": iri},
            "timestamp": noon(day).isoformat(),
        }
        return store_statements(statements=[statement], at=stored or noon(day))[0]

    return show


@pytest.fixture(scope="session")
def key_pair() -> KeyPair:
    """Made once, because finding its primes takes a second."""
    return new_key_pair()


@pytest.fixture
def signing_key(db: None, key_pair: KeyPair) -> SigningKey:
    return SigningKey.objects.create(public=key_pair.public, private=key_pair.private)
