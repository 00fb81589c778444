"""What can be changed in a draft. Each change is whole or not at all, and refused once the edition is in review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from learning.iris import capability_iri
from workforce.models import Tier

from ..models import Capability, Domain, Edition, EditionCapability, Equivalence, Requirement
from .actions import must_be_a_draft
from .drafting import must_be_new
from .sheet import Column


@dataclass(frozen=True)
class CellSpec:
    """What a column is asked: a level with where it comes from. `grace_days` None means the level's own."""

    level: int
    provenance: str
    sources: Sequence[str] = ()
    grace_days: int | None = None


@dataclass(frozen=True)
class LevelSpec:
    label: str
    meaning: str
    evidence: str
    grace_days: int
    validity_months: int | None


@transaction.atomic
def describe_edition(*, edition: Edition, version: str, dated: date, note: str) -> None:
    must_be_a_draft(edition)
    if version != edition.version:
        must_be_new(edition.framework, version)
    Edition.objects.filter(pk=edition.pk).update(version=version, dated=dated, note=note)
    edition.refresh_from_db()


@transaction.atomic
def set_levels(*, edition: Edition, levels: Mapping[int, LevelSpec]) -> None:
    """Where an expectation had the level's own days of grace, it follows the level."""
    must_be_a_draft(edition)
    for level in edition.levels.filter(number__in=levels):
        given = levels[level.number]
        edition.requirements.filter(level=level.number, grace_days=level.grace_days).update(
            grace_days=given.grace_days
        )
        for name, value in given.__dict__.items():
            setattr(level, name, value)
        level.save()


@transaction.atomic
def set_domain(*, edition: Edition, domain: Domain | None, code: str, name: str, order: int) -> Domain:
    """Add a domain, or change one."""
    must_be_a_draft(edition)
    same = edition.domains.filter(code=code)
    if (same.exclude(pk=domain.pk) if domain else same).exists():
        raise ValidationError(f"There is a domain {code} already. Use another code.")
    domain = domain or Domain(edition=edition)
    domain.code, domain.name, domain.order = code, name, order
    domain.save()
    return domain


@transaction.atomic
def remove_domain(*, edition: Edition, domain: Domain) -> None:
    must_be_a_draft(edition)
    if domain.capabilities.exists():
        raise ValidationError("This domain has capabilities. Move them to another domain first.")
    domain.delete()


@transaction.atomic
def add_capability(
    *, edition: Edition, code: str, domain: Domain, name: str, description: str, order: int
) -> EditionCapability:
    """One that the framework knew before keeps its IRI; a new one gets one for ever. Nobody is asked for it yet."""
    must_be_a_draft(edition)
    if edition.capabilities.filter(capability__code=code).exists():
        raise ValidationError(f"There is a capability {code} in this edition already. Use another code.")
    iri = capability_iri(code.lower())
    capability = edition.framework.capabilities.filter(code=code).first()
    if capability is None:
        if Capability.objects.filter(iri=iri).exists():
            raise ValidationError(f"The name {iri} belongs to another capability. Use another code.")
        capability = Capability.objects.create(framework=edition.framework, code=code, iri=iri)
    wording = EditionCapability.objects.create(
        edition=edition, capability=capability, domain=domain, name=name, description=description, order=order
    )
    Requirement.objects.bulk_create(
        Requirement(
            edition=edition,
            tier=tier,
            capability=capability,
            level=0,
            grace_days=0,
            provenance=Requirement.Provenance.RECONSTRUCTION,
        )
        for tier in Tier.objects.all()
    )
    return wording


@transaction.atomic
def word_capability(
    *,
    wording: EditionCapability,
    domain: Domain,
    name: str,
    description: str,
    order: int,
    sources: Sequence[str],
) -> None:
    must_be_a_draft(wording.edition)
    _known(wording.edition, sources)
    wording.domain, wording.name, wording.description = domain, name, description
    wording.order, wording.sources = order, list(sources)
    wording.save()


@transaction.atomic
def set_cells(*, wording: EditionCapability, cells: Sequence[tuple[Column, CellSpec | None]]) -> None:
    """What each column is asked of a capability; None where an overlay leaves it to the tier."""
    edition = wording.edition
    must_be_a_draft(edition)
    grace = dict(edition.levels.values_list("number", "grace_days"))
    for column, given in cells:
        where: dict[str, Any] = {
            "capability": wording.capability,
            "tier": column.tier,
            "overlay": column.overlay,
        }
        if given is None:
            if column.tier:
                raise ValidationError(f"Choose a level for {column.label}. Level 0 means not expected.")
            edition.requirements.filter(**where).delete()
            continue
        _known(edition, given.sources)
        own = grace.get(given.level, 0) if given.grace_days is None else given.grace_days
        Requirement.objects.update_or_create(
            edition=edition,
            **where,
            defaults={
                "level": given.level,
                "provenance": given.provenance,
                "sources": list(given.sources),
                "grace_days": own,
            },
        )


@transaction.atomic
def set_capability(
    *,
    wording: EditionCapability,
    words: Mapping[str, Any],
    cells: Sequence[tuple[Column, CellSpec | None]],
) -> None:
    """The words of a capability and all its cells, together or not at all."""
    word_capability(wording=wording, **words)
    set_cells(wording=wording, cells=cells)


@transaction.atomic
def remove_capability(*, wording: EditionCapability) -> None:
    """This edition asks nobody for it any more. The capability itself, and what people hold of it, stay."""
    edition = wording.edition
    must_be_a_draft(edition)
    edition.requirements.filter(capability=wording.capability).delete()
    edition.team_requirements.filter(capability=wording.capability).delete()
    wording.delete()


@transaction.atomic
def set_source(*, edition: Edition, key: str, title: str, where: str, found: str) -> None:
    """Add a source that cells can name, or change what is said of it."""
    must_be_a_draft(edition)
    edition.sources = edition.sources | {key: {"title": title, "where": where, "found": found}}
    edition.save(update_fields=["sources"])


def _known(edition: Edition, sources: Sequence[str]) -> None:
    unknown = [key for key in sources if key not in edition.sources]
    if unknown:
        raise ValidationError(
            f"There is no source {', '.join(unknown)} in this edition. Add it to the sources first, or correct it."
        )


@transaction.atomic
def add_equivalence(
    *,
    edition: Edition,
    old_capability: Capability,
    old_level: int,
    new_capability: Capability,
    new_level: int,
) -> Equivalence:
    """Who showed the old one at this level or above has shown the new one too, from the day the edition holds."""
    must_be_a_draft(edition)
    if old_capability == new_capability:
        raise ValidationError("What people hold of a capability stays theirs. Choose two different ones.")
    if new_level > old_level:
        raise ValidationError(
            "Nobody gets a higher level than they showed. Choose the same level or a lower one."
        )
    if not edition.capabilities.filter(capability=new_capability).exists():
        raise ValidationError(f"{new_capability} is not in this edition.")
    if edition.equivalences.filter(
        old_capability=old_capability, old_level=old_level, new_capability=new_capability
    ).exists():
        raise ValidationError("That is on the map already. Remove the row first, to change it.")
    return Equivalence.objects.create(
        edition=edition,
        old_capability=old_capability,
        old_level=old_level,
        new_capability=new_capability,
        new_level=new_level,
    )


@transaction.atomic
def remove_equivalence(*, equivalence: Equivalence) -> None:
    must_be_a_draft(equivalence.edition)
    equivalence.delete()
