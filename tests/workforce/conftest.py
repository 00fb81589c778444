from collections.abc import Callable
from datetime import date

import pytest

from workforce.actions import join_organisation, place_team
from workforce.imports.staff_rows import COLUMNS
from workforce.models import Membership, Organisation, Overlay, Team, Tier, User

DAY = date(2026, 11, 22)
START = date(2020, 1, 6)


@pytest.fixture
def trust(db: None) -> Organisation:
    return Organisation.objects.create(code="ZZ1", name="Invented Trust", opened=START, is_invented=True)


@pytest.fixture
def other_trust(db: None) -> Organisation:
    return Organisation.objects.create(
        code="ZZ2", name="Another Invented Trust", opened=START, is_invented=True
    )


@pytest.fixture
def division(trust: Organisation) -> Team:
    return _team(trust, "division", None)


@pytest.fixture
def ward(trust: Organisation, division: Team) -> Team:
    return _team(trust, "ward", division)


@pytest.fixture
def clinic(trust: Organisation, division: Team) -> Team:
    return _team(trust, "clinic", division)


@pytest.fixture
def frontline(db: None) -> Tier:
    tier = Tier.objects.create(key="frontline", label="Frontline staff", order=1)
    Overlay.objects.create(key="patient_facing", label="Sees patients").tiers.add(tier)
    return tier


@pytest.fixture
def managers(db: None) -> Tier:
    tier = Tier.objects.create(key="managers", label="Managers", order=2)
    Overlay.objects.create(key="change_agent", label="Leads improvement").tiers.add(tier)
    return tier


@pytest.fixture
def member(trust: Organisation) -> Callable[[str], Membership]:
    """A person of the invented trust, by name."""

    def make(name: str) -> Membership:
        user = User.objects.create_user(f"{name.lower()}@zz1.example", name=name)
        return join_organisation(user=user, organisation=trust)

    return make


@pytest.fixture
def staff_list() -> Callable[..., bytes]:
    """A staff list of invented people: each row is what differs from a usual one."""

    def make(*rows: dict[str, str]) -> bytes:
        usual = {"name": "Ada Example", "team_code": "ward", "tier": "frontline", "post_start": "2020-01-06"}
        lines = [",".join(COLUMNS)]
        lines += [",".join({**usual, **row}.get(column, "") for column in COLUMNS) for row in rows]
        return "\n".join(lines).encode()

    return make


def _team(organisation: Organisation, code: str, parent: Team | None) -> Team:
    team = Team.objects.create(organisation=organisation, code=code, name=code.capitalize())
    place_team(team=team, parent=parent, start=START)
    return team
