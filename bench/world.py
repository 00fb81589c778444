"""What the record knows before the first statement comes: people, a rule for evidence, and two credentials."""

import base64
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from competencies.actions import RuleSpec, import_framework, set_evidence_rules
from competencies.models import Capability
from learning import verbs
from learning.actions import create_credential
from learning.keys import key_of
from learning.models import Actor
from learning.xapi.actors import account_key
from workforce.models import Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

from .payloads import ACTIVITIES, PEOPLE, PLATFORM, account_of, activity_named

FRAMEWORK = settings.BASE_DIR / "competencies" / "frameworks" / "safety-and-improvement-0.2.json"
ONE_IN = 20  # people of the statements who are known here
WITH_A_RULE = ACTIVITIES // 10


@dataclass(frozen=True)
class World:
    """How the two credentials introduce themselves: one gives evidence, the other reads everything."""

    writer: str
    reader: str
    writer_key: str
    writer_id: int


def make_world() -> World:
    trust = Organisation.objects.create(
        code="ZBENCH", name="Bench", opened=date(2000, 1, 1), is_invented=True
    )
    _people(trust)
    _rules()
    writer, secret = create_credential(
        name="A learning platform", scopes=["all"], organisation=trust, gives_evidence=True
    )
    reader, other = create_credential(name="A reader", scopes=["all/read"])
    return World(_basic(writer.key, secret), _basic(reader.key, other), writer.key, writer.pk)


def _people(trust: Organisation) -> None:
    """One in twenty of those whom the statements name, each in post here."""
    tier, _ = Tier.objects.get_or_create(key="frontline", defaults={"label": "Frontline", "order": 90})
    team = Team.objects.create(organisation=trust, code="W1", name="Ward")
    for number in range(0, PEOPLE, ONE_IN):
        user = User.objects.create_user(None, name=f"Person {number}")
        membership = Membership.objects.create(user=user, organisation=trust)
        Post.objects.create(membership=membership, team=team, tier=tier, during=during(date(2020, 1, 1)))
        identifier = account_key(PLATFORM, account_of(number))
        Actor.objects.create(id=key_of(identifier), identifier=identifier, user=user)


def _rules() -> None:
    """One lesson in ten shows a capability."""
    if not Capability.objects.exists():
        import_framework(raw=FRAMEWORK.read_bytes())
    codes = list(Capability.objects.order_by("code").values_list("code", flat=True))
    for number in range(WITH_A_RULE):
        rule = RuleSpec(verbs.PASSED, codes[number % len(codes)], 1)
        set_evidence_rules(activity_iri=activity_named(number), rules=[rule])


def _basic(key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()
