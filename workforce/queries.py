"""Who works where on a day. Every query takes that day; rows that were corrected are left out."""

from collections.abc import Collection, Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from workforce.models import (
    Grant,
    Organisation,
    Post,
    Seat,
    Team,
    TeamPlace,
    Tier,
    User,
)

Viewer = User | AnonymousUser  # an anonymous viewer holds nothing, so every query answers with nothing


def _id(viewer: Viewer) -> int:
    return viewer.pk or 0  # no row has the id 0


def current_posts(user: Viewer, on: date) -> QuerySet[Post]:
    """The posts a person holds on a day, with team, organisation, tier and overlays at hand."""
    return (
        Post.objects.filter(membership__user_id=_id(user), superseded_at=None, during__contains=on)
        .select_related("membership", "team__organisation", "tier")
        .prefetch_related("overlays")
        .order_by("tier__order", "team__code", "pk")
    )


def tiers_of(user: Viewer, on: date) -> list[Tier]:
    """The tiers a person works in on a day, each once, in the tiers' own order."""
    return list(Tier.objects.filter(pk__in=current_posts(user, on).order_by().values("tier")))


def tier_keys(users: Collection[int], on: date) -> dict[int, set[str]]:
    """User → the keys of the tiers that they work in on a day; who has no post is not in it. One query."""
    posts = Post.objects.filter(membership__user__in=users, superseded_at=None, during__contains=on)
    found: dict[int, set[str]] = {}
    for user, key in posts.order_by().values_list("membership__user", "tier__key"):
        found.setdefault(user, set()).add(key)
    return found


def organisations_of(user: Viewer, on: date) -> QuerySet[Organisation]:
    """The organisations in which a person holds a post or a committee seat on a day."""
    posts = current_posts(user, on).order_by().values("membership__organisation")
    seats = current_seats(user, on).order_by().values("committee__organisation")
    return Organisation.objects.filter(Q(pk__in=posts) | Q(pk__in=seats))


def current_seats(user: Viewer, on: date) -> QuerySet[Seat]:
    """The committee seats a person holds on a day, with committee, organisation and link person at hand."""
    return (
        Seat.objects.filter(user_id=_id(user), during__contains=on)
        .select_related("committee__organisation", "committee__link_person")
        .order_by("committee__name", "pk")
    )


def current_grants(user: Viewer, on: date) -> QuerySet[Grant]:
    return Grant.objects.filter(user_id=_id(user), during__contains=on)


def has_grant(user: Viewer, role: str, on: date, organisation: Organisation | None = None) -> bool:
    """Does the person hold this role on a day? With an organisation: for it, or for the whole nation."""
    grants = current_grants(user, on).filter(role=role)
    if organisation is not None:
        grants = grants.filter(Q(organisation=organisation) | Q(national=True))
    return grants.exists()


def confirming_grants(organisation: Organisation, on: date) -> QuerySet[Grant]:
    """Who may confirm practice in an organisation by appointment, on a day or later, with the reason."""
    roles = (Grant.Role.FOUNDING_VERIFIER, *Grant.CONFIRMING)
    grants = Grant.objects.filter(Q(organisation=organisation) | Q(team__organisation=organisation))
    return (
        grants.filter(role__in=roles)
        .exclude(during__endswith__lte=on)
        .select_related("user", "team", "granted_by")
        .order_by("user__name", "pk")
    )


def organisations_led(user: Viewer, on: date) -> QuerySet[Organisation]:
    """The organisations whose capability lead a person is on a day."""
    grants = current_grants(user, on).filter(role=Grant.Role.CAPABILITY_LEAD)
    return Organisation.objects.filter(pk__in=grants.values("organisation"))


def teams_led(user: Viewer, on: date) -> QuerySet[Team]:
    """The teams a person leads on a day: those granted, and every team that stands beneath them."""
    grants = current_grants(user, on).filter(role=Grant.Role.TEAM_LEAD)
    granted = dict(grants.values_list("team_id", "team__organisation_id"))
    places = TeamPlace.objects.filter(team__organisation__in=set(granted.values()), during__contains=on)
    return Team.objects.filter(
        pk__in=granted.keys() | beneath(granted, places.values_list("team_id", "parent_id"))
    )


def teams_around(user: Viewer, on: date) -> set[int]:
    """The ids of the teams a person works in on a day, and of every team that these stand under. Two queries."""
    own = dict(current_posts(user, on).order_by().values_list("team", "membership__organisation"))
    places = TeamPlace.objects.filter(team__organisation__in=set(own.values()), during__contains=on)
    parents = dict(places.values_list("team_id", "parent_id"))
    found: set[int] = set()
    for team in own:
        above: int | None = team
        while above is not None and above not in found:
            found.add(above)
            above = parents.get(above)
    return found


def members_of(team: Team, on: date) -> QuerySet[User]:
    """The people with a post in a team on a day, each once. Teams beneath it are not counted in."""
    posts = Post.objects.filter(team=team, superseded_at=None, during__contains=on)
    return User.objects.filter(pk__in=posts.values("membership__user")).order_by("name", "pk")


def places_on(organisation: Organisation, on: date) -> list[tuple[int, int | None]]:
    """The tree of an organisation on a day, as (team id, parent id); no parent means directly under it."""
    places = TeamPlace.objects.filter(team__organisation=organisation, during__contains=on)
    return list(places.order_by("team__code", "team_id").values_list("team_id", "parent_id"))


def beneath(team_ids: Iterable[int], places: Iterable[tuple[int, int | None]]) -> set[int]:
    """The ids of all teams under the given ones, at any depth; a loop in the tree does no harm."""
    children: dict[int | None, list[int]] = {}
    for team_id, parent_id in places:
        children.setdefault(parent_id, []).append(team_id)
    found: set[int] = set()
    waiting = list(team_ids)
    while waiting:
        below = [child for child in children.get(waiting.pop(), []) if child not in found]
        found.update(below)
        waiting.extend(below)
    return found
