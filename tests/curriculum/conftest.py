from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from competencies.models import Capability, Framework
from curriculum.actions import import_curriculum, start_attempt
from curriculum.keys import key_of
from curriculum.models import Attempt
from workforce.models import Grant, Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

from . import small

START = date(2020, 1, 1)
TODAY = date(2026, 6, 1)


@pytest.fixture
def names(db: None) -> None:
    """The tiers and capabilities that the small curriculum names, without the whole framework."""
    for order, key in enumerate(("frontline", "patients")):
        Tier.objects.get_or_create(key=key, defaults={"label": key, "order": 90 + order})
    framework = Framework.objects.create(key="small", title="Small")
    for code in ("SS-1", "SS-2"):
        Capability.objects.create(framework=framework, code=code, iri=f"https://example.org/{code}")


@pytest.fixture
def curriculum(names: None) -> None:
    import_curriculum(files=small.files())


@pytest.fixture
def ward(names: None) -> Team:
    trust = Organisation.objects.create(code="XTA", name="Invented Trust", opened=START)
    return Team.objects.create(organisation=trust, code="W1", name="Ward 1")


@pytest.fixture
def person(ward: Team) -> Callable[..., User]:
    def person(name: str, tier: str = "frontline") -> User:
        email = f"{name.split()[0].lower()}@example.com"
        user = User.objects.create_user(email, "four-words-in-a-row", name=name)
        membership = Membership.objects.create(user=user, organisation=ward.organisation)
        Post.objects.create(
            membership=membership, team=ward, tier=Tier.objects.get(key=tier), during=during(START)
        )
        return user

    return person


@pytest.fixture
def learner(person: Callable[..., User]) -> User:
    return person("Lena Learner")


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.create_user("otto@example.com", "four-words-in-a-row", name="Otto Outsider")


@pytest.fixture
def verifier(person: Callable[..., User], ward: Team) -> User:
    user = person("Vera Verifier")
    Grant.objects.create(
        user=user,
        role=Grant.Role.FOUNDING_VERIFIER,
        organisation=ward.organisation,
        during=during(START),
        reason="Appointed by the board",
    )
    return user


@pytest.fixture
def attempt(curriculum: None, learner: User) -> Attempt:
    return start_attempt(user=learner, module_key=key_of("TS-1"))


@pytest.fixture
def patients_attempt(curriculum: None, person: Callable[..., User]) -> Attempt:
    return start_attempt(user=person("Petra Partner", "patients"), module_key=key_of("TP-1"))


@pytest.fixture
def as_learner(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client
