"""Load an edition of a framework, whole or not at all, and let organisations adopt it."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from learning.iris import capability_iri
from workforce.models import Organisation, Overlay, Tier
from workforce.models.ranges import during

from ..frameworks.source import FrameworkSource, read
from ..models import (
    Adoption,
    Capability,
    Domain,
    Edition,
    EditionAct,
    EditionCapability,
    Framework,
    Level,
    Requirement,
    TeamRequirement,
)


class EditionIsPublished(Exception):
    """An edition of that version is already published with another content; give the change a new version."""


@transaction.atomic
def import_framework(*, raw: bytes, at: datetime | None = None) -> tuple[Edition, bool]:
    """Publish the edition in this file; returns it, and whether it is new.

    The file was reviewed where it is kept, so this is for whoever runs the service. Loading the same file again
    changes nothing. Raises BrokenFile or EditionIsPublished and stores nothing.
    """
    source = read(raw)
    digest = hashlib.sha256(raw).hexdigest()
    framework = framework_of(source)
    existing = framework.editions.filter(version=source.version).first()
    if existing is not None:
        if existing.source_digest != digest:
            raise EditionIsPublished(
                f"Edition {source.version} is published and cannot change. Give the new content a new version."
            )
        return existing, False
    tiers = _tiers(source)
    edition = store_edition(framework, source, tiers, _overlays(source, tiers), digest)
    edition.state = Edition.State.PUBLISHED
    edition.save(update_fields=["state"])
    EditionAct.objects.create(
        edition=edition, number=1, act=EditionAct.Act.LOAD, at=at or timezone.now(), words=f"SHA-256 {digest}"
    )
    return edition, True


def framework_of(source: FrameworkSource) -> Framework:
    framework, _ = Framework.objects.get_or_create(
        key=slugify(source.title), defaults={"title": source.title}
    )
    return framework


def store_edition(
    framework: Framework,
    source: FrameworkSource,
    tiers: dict[str, Tier],
    overlays: dict[str, Overlay],
    digest: str = "",
) -> Edition:
    """A draft that says what the source says. Its capabilities are found by IRI, or are new."""
    edition = Edition.objects.create(
        framework=framework,
        version=source.version,
        dated=source.date,
        note=source.status,
        sources=source.sources,
        carried=_carried(source),
        source_digest=digest,
    )
    Level.objects.bulk_create(_level(edition, source, number) for number in range(5))
    domains = {
        d.id: Domain.objects.create(edition=edition, code=d.id, name=d.name, order=order)
        for order, d in enumerate(source.domains)
    }
    capabilities = {}
    for order, given in enumerate(source.capabilities):
        capability, _ = Capability.objects.get_or_create(
            iri=capability_iri(given.iri_suffix), defaults={"framework": edition.framework, "code": given.id}
        )
        capabilities[given.id] = capability
        EditionCapability.objects.create(
            edition=edition,
            capability=capability,
            domain=domains[given.domain],
            name=given.name,
            description=given.description,
            sources=given.sources,
            order=order,
        )
    Requirement.objects.bulk_create(_of_tiers(edition, source, tiers, capabilities))
    Requirement.objects.bulk_create(_of_overlays(edition, source, overlays, capabilities))
    TeamRequirement.objects.bulk_create(_of_teams(edition, source, capabilities))
    return edition


def _carried(source: FrameworkSource) -> dict[str, Any]:
    """What no table reads, kept as it was given, so that an export gives it back."""
    notes = {overlay.key: overlay.note for overlay in source.overlays if overlay.note}
    return source.carried | ({"overlay_notes": notes} if notes else {})


def _tiers(source: FrameworkSource) -> dict[str, Tier]:
    return {
        given.key: Tier.objects.update_or_create(
            key=given.key, defaults={"label": given.label, "order": order}
        )[0]
        for order, given in enumerate(source.tiers, start=1)
    }


def _overlays(source: FrameworkSource, tiers: dict[str, Tier]) -> dict[str, Overlay]:
    found = {}
    for given in source.overlays:
        overlay, new = Overlay.objects.update_or_create(key=given.key, defaults={"label": given.label})
        before = set(overlay.tiers.values_list("key", flat=True))
        if before and not new and before != set(given.applies_to):
            raise EditionIsPublished(
                f'The overlay "{given.key}" goes with {", ".join(sorted(before))} in a published edition. '
                "Give an overlay for other tiers a key of its own."
            )
        overlay.tiers.set(tiers[key] for key in given.applies_to)
        found[given.key] = overlay
    return found


def _level(edition: Edition, source: FrameworkSource, number: int) -> Level:
    given = source.levels[number]
    return Level(
        edition=edition,
        number=number,
        label=given.label,
        meaning=given.meaning,
        evidence=given.evidence,
        grace_days=source.grace_days.get(str(number), 0),
        validity_months=source.validity_months_default.get(str(number)),
    )


def _grace(source: FrameworkSource, level: int, own: int | None = None) -> int:
    return own if own is not None else source.grace_days.get(str(level), 0)


def _of_tiers(
    edition: Edition, source: FrameworkSource, tiers: dict[str, Tier], capabilities: dict[str, Capability]
) -> list[Requirement]:
    return [
        Requirement(
            edition=edition,
            tier=tiers[key],
            capability=capabilities[given.id],
            level=cell.level,
            grace_days=_grace(source, cell.level, cell.grace_days),
            provenance=cell.provenance,
            sources=cell.sources,
        )
        for given in source.capabilities
        for key, cell in given.expected.items()
    ]


def _of_overlays(
    edition: Edition,
    source: FrameworkSource,
    overlays: dict[str, Overlay],
    capabilities: dict[str, Capability],
) -> list[Requirement]:
    return [
        Requirement(
            edition=edition,
            overlay=overlays[given.key],
            capability=capabilities[code],
            level=level,
            grace_days=_grace(source, level),
            provenance=given.provenance[code].provenance,
            sources=given.provenance[code].sources,
        )
        for given in source.overlays
        for code, level in [*given.adds.items(), *((code, 0) for code in given.removes)]
    ]


def _of_teams(
    edition: Edition, source: FrameworkSource, capabilities: dict[str, Capability]
) -> list[TeamRequirement]:
    return [
        TeamRequirement(
            edition=edition,
            capability=capabilities[given.capability],
            level=given.level,
            people=given.people_at_least,
            provenance=given.provenance,
            sources=given.sources,
        )
        for given in source.team_requirements
    ]


@transaction.atomic
def adopt_edition(*, organisation: Organisation, edition: Edition, on: date) -> Adoption:
    """From `on`, the organisation goes by this edition; what it went by before ends that day.

    Raises ValidationError where it already adopted an edition from a later day, or this one is not published.
    """
    if edition.state != Edition.State.PUBLISHED:
        raise ValidationError(
            f"{edition} is {edition.get_state_display().lower()}. Choose an edition that is published."
        )
    later = Adoption.objects.filter(organisation=organisation, during__startswith__gt=on).first()
    if later is not None:
        raise ValidationError(
            f"{organisation} already goes by {later.edition} from {later.during.lower:%d/%m/%Y}."
        )
    for adoption in Adoption.objects.filter(organisation=organisation, during__contains=on):
        if adoption.during.lower == on:
            adoption.delete()
        else:
            adoption.during = during(adoption.during.lower, on)
            adoption.save(update_fields=["during"])
    return Adoption.objects.create(organisation=organisation, edition=edition, during=during(on))
