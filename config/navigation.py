"""Where a person can go, and where they land, from what they are today: tiers, seats, grants, editor or not."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from competencies.conversations.queries import planned_with
from competencies.editions.queries import reviews_for
from competencies.portfolio.queries import waiting_panels
from competencies.queries import readings_for, waiting_for
from workforce.models import Grant, Post, Seat, User

EDITING = ("Editors", "Moderators")
PATIENTS = "patients"


@dataclass(frozen=True)
class NavItem:
    """One entry of the menu. `current` is "page" on that page, "true" on a page below it, else empty."""

    label: str
    href: str
    current: str = ""


@dataclass(frozen=True)
class Standing:
    """What decides a person's menu. `roles` gives, for each role, the codes of the organisations where it holds."""

    tiers: frozenset[str]
    roles: dict[str, list[str]]
    has_seat: bool
    is_asked_to_confirm: bool
    is_editor: bool
    is_reviewer: bool

    @property
    def is_patient_representative(self) -> bool:
        return self.has_seat or PATIENTS in self.tiers

    @property
    def is_staff_member(self) -> bool:
        return bool(self.tiers - {PATIENTS})

    @property
    def only_edits(self) -> bool:
        return self.is_editor and not (self.tiers or self.roles or self.has_seat)


def standing(user: User, on: date) -> Standing:
    """One query, whatever the person is."""
    person = (
        User.objects.filter(pk=user.pk)
        .values(
            "is_superuser",
            tiers=ArraySubquery(_tiers(on)),
            held=ArraySubquery(_grants(on)),
            has_seat=Exists(Seat.objects.filter(user=OuterRef("pk"), during__contains=on)),
            is_reviewer=Exists(reviews_for(user).order_by()),
            is_asked=Exists(waiting_for(user).order_by())
            | Exists(waiting_panels(user).order_by())
            | Exists(readings_for(user).order_by())
            | Exists(planned_with(user).order_by()),
            in_editors=Exists(
                User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=EDITING)
            ),
        )
        .get()
    )
    roles: dict[str, list[str]] = {}
    for grant in person["held"]:
        roles.setdefault(grant["role"], []).append(grant["organisation"])
    return Standing(
        tiers=frozenset(person["tiers"]),
        roles=roles,
        has_seat=person["has_seat"],
        is_asked_to_confirm=person["is_asked"],
        is_reviewer=person["is_reviewer"],
        is_editor=person["in_editors"] or person["is_superuser"],
    )


def _tiers(on: date) -> QuerySet[Post, Any]:
    current = Post.objects.filter(membership__user=OuterRef("pk"), during__contains=on, superseded_at=None)
    return current.order_by().values("tier__key").distinct()


def _grants(on: date) -> QuerySet[Grant, Any]:
    """Each as role and organisation code; a grant for a team counts where the team is."""
    where = Coalesce("organisation__code", "team__organisation__code")
    current = Grant.objects.filter(user=OuterRef("pk"), during__contains=on)
    return current.order_by("pk").values(grant=JSONObject(role=F("role"), organisation=where))


def places(here: Standing) -> dict[str, NavItem]:
    """The pages that are this person's own, in the order of the menu."""
    found: dict[str, NavItem] = {}
    if here.is_staff_member:
        found["my-learning"] = NavItem("My learning", reverse("curriculum:my-learning"))
    if here.is_patient_representative:
        found["my-role"] = NavItem("My role", reverse("curriculum:my-role"))
    if here.tiers:
        found["my-capabilities"] = NavItem("My capabilities", reverse("curriculum:my-capabilities"))
    if Grant.Role.TEAM_LEAD in here.roles:
        found["my-team"] = NavItem("My team", reverse("curriculum:my-team"))
    if here.is_asked_to_confirm or Grant.Role.FOUNDING_VERIFIER in here.roles:
        found["verify"] = NavItem("Confirm practice", reverse("competencies:verify-list"))
    for code in here.roles.get(Grant.Role.CAPABILITY_LEAD, [])[:1]:
        found["coverage"] = NavItem("Coverage", reverse("competencies:coverage", args=[code]))
        found["prior-learning"] = NavItem("Learned elsewhere", reverse("curriculum:prior-learning-queue"))
    if {Grant.Role.TEAM_LEAD, Grant.Role.CAPABILITY_LEAD} & here.roles.keys():
        found["plans"] = NavItem("Plans", reverse("curriculum:plans"))
    if Grant.Role.EDUCATION_LEAD in here.roles:
        found["organisations"] = NavItem("Organisations", reverse("competencies:organisations"))
    if here.is_reviewer or Grant.Role.EDUCATION_LEAD in here.roles:
        found["framework"] = NavItem("Framework", reverse("competencies:framework"))
    if here.is_editor:
        found["content"] = NavItem("Content", reverse("wagtailadmin_home"))
    return found


def landing_address(user: User, on: date) -> str:
    """The address of the page where this person works."""
    here = standing(user, on)
    if here.only_edits:
        return reverse("wagtailadmin_home")
    own = places(here)
    for key in ("organisations", "coverage", "my-role", "my-team"):
        if key in own:
            return own[key].href
    return reverse("curriculum:my-learning")  # without a post, that page says what to do


def navigation(request: HttpRequest) -> dict[str, object]:
    """`nav_items` for templates. Lazy: a page that draws no menu asks the database nothing."""
    return {"nav_items": SimpleLazyObject(lambda: _nav_items(request))}


def _nav_items(request: HttpRequest) -> list[NavItem]:
    user = request.user
    own = places(standing(user, timezone.localdate())) if user.is_authenticated else {}
    items = [*own.values(), NavItem("Open data", reverse("competencies:open-data"))]
    return [_marked(item, request.path) for item in items]


def _marked(item: NavItem, path: str) -> NavItem:
    if path == item.href:
        return replace(item, current="page")
    return replace(item, current="true") if path.startswith(item.href) else item
