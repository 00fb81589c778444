"""Ask more than the national edition does, from today on, and stop asking it. Both with a reason that is kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import Organisation, Overlay, Tier, User
from workforce.models.ranges import during
from workforce.queries import organisations_led

from ..coverage.disclosure import INSIDE_MINIMUM
from ..coverage.queries import edition_in_force
from ..models import Capability, LocalRequirement
from .queries import Asked, concerned


@dataclass(frozen=True)
class Addition:
    """What is to be asked on top: of a tier or of an overlay, one capability at one level."""

    organisation: Organisation
    capability: Capability
    level: int
    grace_days: int
    reason: str
    tier: Tier | None = None
    overlay: Overlay | None = None


@dataclass(frozen=True)
class Reach:
    """How many people it concerns, and how many of them hold it; None where that would tell about single people."""

    people: int
    holding: int | None


@transaction.atomic
def add_requirement(*, addition: Addition, by: User, at: datetime | None = None) -> LocalRequirement:
    """Ask it from today on. Raises ValidationError where it may not be asked, or would change nothing."""
    at = at or timezone.now()
    on = timezone.localdate(at)
    must_lead(by, addition.organisation, on)
    if not addition.reason.strip():
        raise ValidationError("Say why you ask this. Everybody whom it concerns can read it.")
    Organisation.objects.select_for_update().get(pk=addition.organisation.pk)  # one change at a time
    must_ask_more(addition, on)
    requirement = LocalRequirement(
        organisation=addition.organisation,
        tier=addition.tier,
        overlay=addition.overlay,
        capability=addition.capability,
        level=addition.level,
        grace_days=addition.grace_days,
        reason=addition.reason.strip(),
        during=during(on),
        added_by=by,
        added_at=at,
    )
    requirement.full_clean()
    requirement.save()
    return requirement


def reach_of(*, addition: Addition, by: User, at: datetime | None = None) -> Reach:
    """Whom it would concern today. It is added, counted and taken back, so that nothing is counted in another way."""
    at = at or timezone.now()
    with transaction.atomic():
        requirement = add_requirement(addition=addition, by=by, at=at)
        people, holding = concerned(requirement, timezone.localdate(at))
        transaction.set_rollback(True)
    return Reach(people, holding if people >= INSIDE_MINIMUM else None)


@transaction.atomic
def end_requirement(
    *, requirement: LocalRequirement, reason: str, by: User, at: datetime | None = None
) -> LocalRequirement:
    """Today is the last day on which it is asked. The row and its reasons stay."""
    at = at or timezone.now()
    on = timezone.localdate(at)
    must_lead(by, requirement.organisation, on)
    if not reason.strip():
        raise ValidationError("Say why it ends. It is kept with what was asked.")
    locked = LocalRequirement.objects.select_for_update().get(pk=requirement.pk)
    if locked.ended_at is not None:
        raise ValidationError("This has ended already.")
    locked.during = during(locked.during.lower, on + timedelta(days=1))
    locked.ended_by, locked.ended_at, locked.end_reason = by, at, reason.strip()
    locked.save()
    return locked


def must_lead(user: User, organisation: Organisation, on: date) -> None:
    if not organisations_led(user, on).filter(pk=organisation.pk).exists():
        raise ValidationError("Only a capability lead of the organisation can do this.")


def must_ask_more(addition: Addition, on: date) -> None:
    """Raises ValidationError where the edition that the organisation goes by asks the same already, or more."""
    edition = edition_in_force(addition.organisation, on)
    if edition is None or not edition.capabilities.filter(capability=addition.capability).exists():
        raise ValidationError("This capability is not in the edition that your organisation goes by.")
    asked = Asked(edition, [addition.capability.pk])
    level = asked.of(addition.capability, addition.tier, addition.overlay)
    if addition.level <= level:
        instead = "Choose a higher level." if level < 4 else "Nothing can be asked on top of it."
        raise ValidationError({"level": f"The national edition asks level {level} already. {instead}"})
