"""What is expected of one person, what they hold, and what is missing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

from workforce.models import User

from ..models import Holding
from .expected import EXPECTED_AND_LOCAL

_OF_A_PERSON = Path(__file__).with_name("of_a_person.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Expectation:
    """One capability that one of a person's tiers expects of them, and the level that they hold on the day.

    `local_to` names the organisation that asks it on top of its edition, and `reason` says why; both are
    empty for what the edition asks.
    """

    code: str
    name: str
    domain: str
    tier_key: str
    level: int
    due: date
    held: int
    local_to: str = ""
    reason: str = ""

    @property
    def met(self) -> bool:
        return self.held >= self.level


def current_levels(user: User, on: date) -> dict[str, int]:
    """Capability code → level held on the day."""
    held = Holding.objects.filter(user=user, during__contains=on)
    return dict(held.values_list("capability__code", "level"))


def expectations(user: User, on: date) -> list[Expectation]:
    """Everything expected of the person on the day, in the order of the framework; the highest where posts differ.

    What an organisation asks on top is a line of its own, after that of the edition. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED_AND_LOCAL + _OF_A_PERSON, {"on": on, "organisation": None, "user": user.pk})
        return [Expectation(*row) for row in cursor.fetchall()]


def gaps(user: User, on: date) -> list[Expectation]:
    """What is expected and not held, soonest due first."""
    missing = [expectation for expectation in expectations(user, on) if not expectation.met]
    return sorted(missing, key=lambda gap: (gap.due, gap.code))
