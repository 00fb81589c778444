"""How a draft begins: empty, or as a copy of an earlier edition."""

from datetime import date, datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from workforce.models import User

from ..models import (
    Domain,
    Edition,
    EditionCapability,
    Framework,
    Level,
    Requirement,
    TeamRequirement,
)
from .actions import begin

Part = TypeVar("Part", Level, Domain, EditionCapability, Requirement, TeamRequirement)

# The five levels are part of what the service does (decision 0001): an empty draft has them, in these words.
LEVELS = (
    ("Not expected", "Nobody is asked for this.", "None", 0, None),
    ("Aware", "Knows what it is and why it matters.", "The learning is completed.", 90, 36),
    ("Understand", "Can explain it.", "The check is passed.", 90, 36),
    ("Apply", "Does it at work.", "Practice is confirmed by a named person.", 365, 36),
    ("Lead and coach", "Leads it and helps others to do it.", "A portfolio is confirmed.", 730, 36),
)


@transaction.atomic
def copy_edition(
    *, edition: Edition, version: str, dated: date, by: User, at: datetime | None = None
) -> Edition:
    """A draft that says the same as an earlier edition."""
    draft = _new(edition.framework, version, dated, edition.note)
    draft.sources, draft.carried = edition.sources, edition.carried
    draft.save(update_fields=["sources", "carried"])
    Level.objects.bulk_create(_moved(level, draft) for level in edition.levels.all())
    Domain.objects.bulk_create(_moved(domain, draft) for domain in edition.domains.all())
    domains = {domain.code: domain for domain in draft.domains.all()}
    wordings = []
    for wording in edition.capabilities.select_related("domain"):
        wording.domain = domains[wording.domain.code]
        wordings.append(_moved(wording, draft))
    EditionCapability.objects.bulk_create(wordings)
    Requirement.objects.bulk_create(_moved(requirement, draft) for requirement in edition.requirements.all())
    TeamRequirement.objects.bulk_create(_moved(asked, draft) for asked in edition.team_requirements.all())
    begin(draft, by, f"Copied from edition {edition.version}.", at)
    return draft


@transaction.atomic
def empty_edition(
    *, framework: Framework, version: str, dated: date, by: User, at: datetime | None = None
) -> Edition:
    """A draft with nothing in it but the five levels."""
    draft = _new(framework, version, dated, "")
    Level.objects.bulk_create(
        Level(
            edition=draft,
            number=number,
            label=label,
            meaning=meaning,
            evidence=evidence,
            grace_days=grace,
            validity_months=months,
        )
        for number, (label, meaning, evidence, grace, months) in enumerate(LEVELS)
    )
    begin(draft, by, "Begun empty.", at)
    return draft


def _new(framework: Framework, version: str, dated: date, note: str) -> Edition:
    must_be_new(framework, version)
    return Edition.objects.create(framework=framework, version=version, dated=dated, note=note)


def must_be_new(framework: Framework, version: str) -> None:
    if framework.editions.filter(version=version).exists():
        raise ValidationError(
            f"There is an edition {version} already. Give this one another version.", code="version"
        )


def _moved(part: Part, draft: Edition) -> Part:
    part.pk = None
    part.edition = draft
    part._state.adding = True
    return part
