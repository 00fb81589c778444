"""What a plan can ask for: capabilities as the organisation's edition words them, and modules that can be done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from competencies.coverage.queries import edition_in_force
from competencies.models import Edition, EditionCapability, LocalRequirement, Requirement
from competencies.plans.actions import ItemSpec
from competencies.plans.forms import PlanForm
from learning.iris import activity_iri
from workforce.models import Organisation, Team, Tier, User
from workforce.queries import organisations_led, teams_led

from .gates import gate_verb, gates_of
from .models import ModulePage, ModuleVersion


def plan_form(
    user: User,
    on: date,
    data: Mapping[str, Any] | None,
    tier: Tier | None,
    local: LocalRequirement | None = None,
) -> PlanForm:
    """The form for somebody who leads. With a tier, it starts from what that tier is expected to hold; with a local
    requirement, from that one alone."""
    organisations = list(organisations_led(user, on))
    teams = list(
        (Team.objects.filter(organisation__in=organisations) | teams_led(user, on))
        .distinct()
        .select_related("organisation")
        .order_by("organisation", "name", "pk")
    )
    places = [*organisations, *(team.organisation for team in teams)]
    capabilities = _capabilities(places[0], on)
    expected = expected_levels(capabilities, tier) if tier else {}
    if local:
        expected, tier = {local.capability.code: local.level}, local.tier
    initial: dict[str, Any] = {f"level_{code}": level for code, level in expected.items()}
    if tier:
        initial |= {"audience": "tier", "tier": tier.key}
    return PlanForm(
        data,
        initial=initial,
        organisations=organisations,
        teams=teams,
        capabilities=capabilities,
        modules=modules_to_plan(),
    )


def local_to_plan(user: User, on: date) -> QuerySet[LocalRequirement]:
    """What is asked on top today where the person leads."""
    here = Q(organisation__in=organisations_led(user, on)) | Q(organisation__teams__in=teams_led(user, on))
    found = LocalRequirement.objects.filter(here, during__contains=on).distinct()
    return found.select_related("organisation", "tier", "overlay", "capability").order_by("pk")


def _capabilities(organisation: Organisation, on: date) -> Sequence[EditionCapability]:
    newest = Edition.objects.filter(state=Edition.State.PUBLISHED).order_by("dated", "version")
    edition = edition_in_force(organisation, on) or newest.last()
    found = EditionCapability.objects.filter(edition=edition).select_related("capability", "domain")
    return list(found.order_by("domain__order", "order"))


def expected_levels(capabilities: Sequence[EditionCapability], tier: Tier) -> dict[str, int]:
    """Capability code → the level that the tier is expected to hold, in the edition of these capabilities."""
    edition = {one.edition_id for one in capabilities}
    asked = Requirement.objects.filter(edition__in=edition, tier=tier, level__gt=0)
    return dict(asked.values_list("capability__code", "level"))


def modules_to_plan() -> dict[str, ItemSpec]:
    """Every module that can be started, by its activity, and the statement that says its checks are passed."""
    pages = ModulePage.objects.live().filter(in_preparation=False).order_by("path")
    return {item.module_iri: item for item in _items(pages)}


def _items(pages: Iterable[ModulePage]) -> Iterable[ItemSpec]:
    pages = list(pages)
    versions = ModuleVersion.objects.filter(module_key__in=[page.key for page in pages])
    newest = {version.module_key: version for version in versions.order_by("module_key", "number")}
    for page in pages:
        version = newest.get(page.key)
        if version is None or not (gates := gates_of(version.module)):
            continue
        yield ItemSpec(
            module_iri=activity_iri(page.key),
            module_verb=gate_verb(version.module, gates[-1]),
            name=f"{page.source_key} {page.title}",
        )
