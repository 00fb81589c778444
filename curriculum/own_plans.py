"""What somebody who leads asked of a person, with the way to each thing that is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from competencies.plans.queries import OwnItem, OwnPlan, own_plans
from workforce.models import User

from .models import ModulePage


@dataclass(frozen=True)
class PlannedItem:
    name: str
    href: str  # empty: there is no page for it any longer
    done: bool


def planned(user: User, on: date) -> list[tuple[OwnPlan, list[PlannedItem]]]:
    """The plans that a person is on. Four queries at most, and one for somebody without a plan."""
    plans = own_plans(user, on)
    pages = _module_pages([item for plan in plans for item in plan.items if item.module_iri])
    return [(plan, [_item(item, pages) for item in plan.items]) for plan in plans]


def _module_pages(items: Sequence[OwnItem]) -> dict[UUID, str]:
    keys = {_key(item) for item in items}
    if not keys:
        return {}
    return {page.key: page.url for page in ModulePage.objects.live().filter(translation_key__in=keys)}


def _item(item: OwnItem, pages: dict[UUID, str]) -> PlannedItem:
    if item.code:
        return PlannedItem(item.name, reverse("curriculum:my-capability", args=[item.code]), item.done)
    return PlannedItem(item.name, pages.get(_key(item), ""), item.done)


def _key(item: OwnItem) -> UUID:
    """A module's IRI ends in the key of its page (learning.iris)."""
    return UUID(item.module_iri.rpartition("/")[2])
