"""How a confirmation is signed: who the person was, where they worked, and their registration, at that moment."""

from dataclasses import dataclass
from datetime import date

from workforce.models import Grant, User
from workforce.queries import current_grants, current_posts, current_seats

# The grants by which people may confirm practice.
BY_GRANT = (Grant.Role.FOUNDING_VERIFIER, *Grant.CONFIRMING)


@dataclass(frozen=True)
class Signature:
    name: str
    role: str
    registration: str


def signature_of(person: User, owner: User, on: date) -> Signature:
    """The name, the place and the registration with which a person signs for `owner` on a day."""
    return Signature(person.name, _role(person, owner, on), person.registration)


def _role(person: User, owner: User, on: date) -> str:
    """A post or a seat, in an organisation of the owner's if there is one; and the grant by which they may confirm."""
    shared = set(owner.memberships.values_list("organisation", flat=True))
    places = [
        (
            post.membership.organisation_id,
            f"{post.tier.label}, {post.team.name}, {post.team.organisation.name}",
        )
        for post in current_posts(person, on)
    ] + [
        (seat.committee.organisation_id, f"{seat.committee.name}, {seat.committee.organisation.name}")
        for seat in current_seats(person, on)
    ]
    places.sort(key=lambda place: place[0] not in shared)
    grants = current_grants(person, on).filter(role__in=BY_GRANT).order_by("role", "pk")
    granted = dict.fromkeys(Grant.Role(role).label for role in grants.values_list("role", flat=True))
    return "; ".join([*(text for _, text in places[:1]), *granted])
