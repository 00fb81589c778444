from collections.abc import Callable
from datetime import date

import pytest

from workforce.models import Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

START = date(2020, 1, 1)
PASSWORD = "four-words-in-a-row"


@pytest.fixture
def ward(db: None) -> Team:
    trust = Organisation.objects.create(code="XQA", name="Invented Trust", opened=START)
    return Team.objects.create(organisation=trust, code="W1", name="Ward 1")


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    def person(name: str = "Ana Lee", **fields: object) -> User:
        email = f"{name.split()[0].lower()}@example.com"
        return User.objects.create_user(email, PASSWORD, name=name, **fields)

    return person


@pytest.fixture
def appoint(ward: Team) -> Callable[[User, str], Post]:
    """Give somebody a post in the ward, in a tier."""

    def appoint(user: User, tier: str) -> Post:
        found, _ = Tier.objects.get_or_create(
            key=tier, defaults={"label": tier, "order": Tier.objects.count()}
        )
        membership = Membership.objects.create(user=user, organisation=ward.organisation)
        return Post.objects.create(membership=membership, team=ward, tier=found, during=during(START))

    return appoint
