"""What the small curriculum's tiers are expected to hold: an edition of three requirements."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from competencies.actions import adopt_edition
from competencies.models import (
    Capability,
    Domain,
    Edition,
    EditionCapability,
    Framework,
    Holding,
    Level,
    Requirement,
    TeamRequirement,
)
from curriculum.keys import key_of
from curriculum.models import Attempt, ModuleVersion
from workforce.models import Organisation, Tier, User
from workforce.models.ranges import during

NAMES = {"SS-1": "Systems thinking", "SS-2": "Human factors", "IM-3": "Testing changes (PDSA)"}
ASKED = (("frontline", "SS-1", 2, 90), ("frontline", "SS-2", 1, 365), ("patients", "SS-1", 2, 90))
LEVELS = ("Aware", "Understand", "Apply", "Lead and coach")


def adopt(trust: Organisation, on: date, asked: Sequence[tuple[str, str, int, int]] = ASKED) -> Edition:
    """Days of grace: 90 for SS-1, 365 for SS-2."""
    framework = Framework.objects.get(key="small")
    Capability.objects.get_or_create(
        framework=framework, code="IM-3", defaults={"iri": "https://example.org/IM-3"}
    )
    edition = Edition.objects.create(
        framework=framework, version="1", dated=on, note="A test", source_digest="0"
    )
    domain = Domain.objects.create(edition=edition, code="SS", name="Safer systems", order=1)
    for order, (code, name) in enumerate(NAMES.items()):
        EditionCapability.objects.create(
            edition=edition,
            capability=Capability.objects.get(code=code),
            domain=domain,
            name=name,
            description=name,
            order=order,
        )
    for tier, code, level, grace in asked:
        Requirement.objects.create(
            edition=edition,
            tier=Tier.objects.get(key=tier),
            capability=Capability.objects.get(code=code),
            level=level,
            grace_days=grace,
            provenance=Requirement.Provenance.DIRECT,
        )
    TeamRequirement.objects.create(
        edition=edition,
        capability=Capability.objects.get(code="IM-3"),
        level=3,
        people=2,
        provenance=Requirement.Provenance.RECONSTRUCTION,
    )
    for number, label in enumerate(LEVELS, start=1):
        Level.objects.create(
            edition=edition, number=number, label=label, meaning=f"What {label} means", evidence="A test"
        )
    edition.state = Edition.State.PUBLISHED
    edition.save()
    adopt_edition(organisation=trust, edition=edition, on=on)
    return edition


def hold(user: User, code: str, level: int, start: date, end: date | None = None) -> Holding:
    capability = Capability.objects.get(code=code)
    return Holding.objects.create(user=user, capability=capability, level=level, during=during(start, end))


def finished(user: User, key: str) -> Attempt:
    """A module that the person has been through, without the statements that say so."""
    version = ModuleVersion.objects.filter(module_key=key_of(key)).latest("number")
    return Attempt.objects.create(
        user=user, module_key=version.module_key, version=version, finished_at=timezone.now()
    )
