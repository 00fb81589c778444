"""The seats of a patient representative, with what each role is for and which modules help with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from workforce.models import Committee, Seat, User

from ..models import ModulePage, PatientRole, ProgrammePage
from ..models.pages import PATIENTS


@dataclass(frozen=True)
class Place:
    """One seat, from `start` to `last` (both days in; no `last` means no end is set)."""

    committee: Committee
    role: PatientRole | None
    start: date
    last: date | None
    has_begun: bool


def places(user: User, on: date) -> list[Place]:
    """The seats that a person holds today or will hold, soonest first. Two queries."""
    seats = (
        Seat.objects.filter(user=user)
        .filter(Q(during__contains=on) | Q(during__startswith__gt=on))
        .select_related("committee__organisation", "committee__link_person")
        .order_by("during", "committee__name")
    )
    roles = PatientRole.objects.filter(live=True).in_bulk(
        [s.committee.role_key for s in seats], field_name="key"
    )
    return [
        Place(
            seat.committee,
            roles.get(seat.committee.role_key),
            seat.during.lower,
            seat.during.upper - timedelta(days=1) if seat.during.upper else None,
            seat.during.lower <= on,
        )
        for seat in seats
    ]


def modules_for(places: Iterable[Place]) -> list[ModulePage]:
    """The modules that the roles name; the whole programme where no role names any."""
    keys = {key for place in places if place.role for key in place.role.modules}
    pages = ModulePage.objects.live().order_by("path")
    if keys:
        return list(pages.filter(source_key__in=keys))
    programme = ProgrammePage.objects.live().filter(tier__key=PATIENTS).first()
    return list(pages.child_of(programme)) if programme else []
