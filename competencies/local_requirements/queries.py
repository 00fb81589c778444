"""What an organisation asks on top, whether it has an effect, and how many people it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from workforce.models import Organisation, Overlay, Tier

from ..models import Capability, Edition, LocalRequirement, Requirement
from ..queries.expected import EXPECTED_AND_LOCAL

_CONCERNED = """
SELECT count(DISTINCT e.user_id), count(DISTINCT h.user_id)
FROM locally e
LEFT JOIN competencies_holding h
    ON h.user_id = e.user_id AND h.capability_id = e.capability_id AND h.level >= e.level AND h.during @> %(on)s::date
WHERE e.capability_id = %(capability)s AND e.level = %(level)s
"""


@dataclass(frozen=True)
class Listed:
    """One local requirement beside the level that the edition of the day asks of the same people; 0 is nothing."""

    requirement: LocalRequirement
    national: int
    name: str

    @property
    def has_effect(self) -> bool:
        """An edition that words the capability and asks less, or nothing."""
        return bool(self.name) and self.requirement.level > self.national


def listed(requirements: Iterable[LocalRequirement], edition: Edition | None) -> list[Listed]:
    """Three queries, however many there are."""
    requirements = list(requirements)
    capabilities = {each.capability_id for each in requirements}
    asked = Asked(edition, capabilities)
    names = {}
    if edition is not None:
        wordings = edition.capabilities.filter(capability__in=capabilities)
        names = dict(wordings.values_list("capability", "name"))
    return [
        Listed(each, asked.of(each.capability, each.tier, each.overlay), names.get(each.capability_id, ""))
        for each in requirements
    ]


class Asked:
    """What an edition asks of tiers and overlays, of some capabilities. One query."""

    def __init__(self, edition: Edition | None, capabilities: Iterable[int]) -> None:
        rows = Requirement.objects.filter(edition=edition, capability__in=set(capabilities))
        self._levels: dict[tuple[int, int | None, int | None], int] = {
            (capability, tier, overlay): level
            for capability, tier, overlay, level in rows.values_list("capability", "tier", "overlay", "level")
        }

    def of(self, capability: Capability, tier: Tier | None, overlay: Overlay | None) -> int:
        """The level that a local one must be above. An overlay that says nothing is asked what its tiers are asked:
        the lowest of them, because there it has an effect."""
        own = self._levels.get((capability.pk, tier.pk if tier else None, overlay.pk if overlay else None))
        if own is not None:
            return own
        tiers = overlay.tiers.all() if overlay else []
        return min((self._levels.get((capability.pk, each.pk, None), 0) for each in tiers), default=0)


def local_requirements(organisation: Organisation) -> list[LocalRequirement]:
    """All that the organisation ever asked on top, newest first."""
    found = LocalRequirement.objects.filter(organisation=organisation).order_by("-pk")
    related = found.select_related("tier", "overlay", "capability", "added_by", "ended_by")
    return list(related.prefetch_related("overlay__tiers"))


def concerned(requirement: LocalRequirement, on: date) -> tuple[int, int]:
    """How many people are asked for this level because of it, and how many of them hold it already. One query."""
    values: dict[str, Any] = {
        "on": on,
        "organisation": requirement.organisation_id,
        "user": None,
        "capability": requirement.capability_id,
        "level": requirement.level,
    }
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED_AND_LOCAL + _CONCERNED, values)
        people, holding = cursor.fetchone()
    return people, holding
