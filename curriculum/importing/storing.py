"""Store what is planned: new things are made, changed sources are taken over, edits made on the site are kept."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site

from workforce.models import Tier

from ..keys import key_of
from ..models import DatedFact, GlossaryTerm, ModulePage, PatientRole, SourceState
from .planning import HOME, Plan, Planned
from .planting import add_revisions, plant_pages, plant_snippets


@dataclass
class Report:
    """What the import did, or would do: keys of sources."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    same: int = 0


_IDENTITIES = ((Page, "translation_key"), (DatedFact, "uuid"), (GlossaryTerm, "uuid"), (PatientRole, "uuid"))


class _Store:
    """One import under way: what is there already, by key."""

    def __init__(self, at: datetime, overwrite: Collection[str]) -> None:
        self.at, self.overwrite = at, overwrite
        self.there = {
            key for model, name in _IDENTITIES for key in model.objects.values_list(name, flat=True)
        }
        self.states = {state.source_key: state for state in SourceState.objects.all()}
        self.pages: dict[str, Page] = {}
        self.locale = Locale.get_default()
        self.tiers = {tier.key: tier for tier in Tier.objects.all()}

    def existing(self, item: Planned) -> Any | None:
        if key_of(item.key) not in self.there:
            return None
        identity = "translation_key" if issubclass(item.model, Page) else "uuid"
        return item.model._default_manager.filter(**{identity: key_of(item.key)}).first()

    def verdict(self, item: Planned) -> str:
        """same, made, changed or kept: an edited or deleted page stays so until it is named in `overwrite`."""
        state = self.states.get(item.key)
        if item.key in self.overwrite:
            return "changed" if self.existing(item) else "made"
        if state and state.hash == item.hash:
            return "same"
        existing = self.existing(item)
        if state is None and existing is None:
            return "made"
        if state is None or existing is None or _edited_since(existing, state.last_imported):
            return "kept"
        return "changed"

    def make(self, items: Sequence[Planned]) -> None:
        """Snippets first, because pages point at facts."""
        snippets = [item for item in items if not issubclass(item.model, Page)]
        plant_snippets(
            [_filled(item.model(uuid=key_of(item.key)), item.fields) for item in snippets], self.at
        )
        pages = []
        for item in items:
            if issubclass(item.model, Page):
                parent = self.parent(item)
                page = _filled(
                    item.model(translation_key=key_of(item.key), locale=self.locale), self.resolved(item)
                )
                page.content_type = ContentType.objects.get_for_model(item.model)
                self.pages[item.key] = page
                pages.append((page, parent))
        if pages:
            plant_pages(pages, self.at)

    def change(self, item: Planned) -> None:
        thing = _filled(self.existing(item), self.resolved(item))
        thing.live, thing.last_published_at = True, self.at
        if isinstance(thing, Page):
            thing.draft_title, thing.latest_revision_created_at = thing.title, self.at
        thing.save()
        add_revisions([thing], self.at)

    def parent(self, item: Planned) -> Page:
        if not item.parent:
            return Page.get_first_root_node()
        if item.parent not in self.pages:
            self.pages[item.parent] = Page.objects.get(
                translation_key=key_of(item.parent), locale=self.locale
            ).specific
        return self.pages[item.parent]

    def resolved(self, item: Planned) -> dict[str, Any]:
        """The fields with names turned into what they name: tiers, and the facts in a body."""
        fields = dict(item.fields)
        if "tier" in fields:
            fields["tier"] = self.tiers.get(fields["tier"])
        if any(block["type"] == "then_now" for block in fields.get("body", [])):
            facts = dict(DatedFact.objects.values_list("key", "pk"))
            fields["body"] = [
                {**block, "value": facts[block["value"]]} if block["type"] == "then_now" else block
                for block in fields["body"]
            ]
        return fields

    def remember(self, items: Sequence[Planned]) -> None:
        SourceState.objects.bulk_create(
            [SourceState(source_key=item.key, hash=item.hash, last_imported=self.at) for item in items],
            update_conflicts=True,
            unique_fields=["source_key"],
            update_fields=["hash", "last_imported"],
        )


def store(
    plan: Plan, *, at: datetime, overwrite: Collection[str] = (), dry_run: bool = False
) -> tuple[Report, list[ModulePage]]:
    """Bring the site in line with the plan. Returns the report and the modules that something changed in."""
    under_way = _Store(at, overwrite)
    items: dict[str, list[Planned]] = {"same": [], "made": [], "changed": [], "kept": []}
    for item in plan.items:
        items[under_way.verdict(item)].append(item)
    keys = {verdict: [item.key for item in some] for verdict, some in items.items()}
    report = Report(keys["made"], keys["changed"], keys["kept"], len(keys["same"]))
    if dry_run:
        return report, []
    under_way.make(items["made"])
    for item in items["changed"]:
        under_way.change(item)
    under_way.remember(items["made"] + items["changed"])
    if HOME in keys["made"]:
        _serve_from(under_way.pages[HOME])
    return report, _touched(items["made"] + items["changed"])


def _touched(items: Sequence[Planned]) -> list[ModulePage]:
    keys = {key_of(item.key) for item in items} | {key_of(item.parent) for item in items if item.parent}
    return list(
        ModulePage.objects.filter(translation_key__in=keys, locale=Locale.get_default()).order_by("path")
    )


def _filled(thing: Any, fields: Mapping[str, Any]) -> Any:
    for name, value in fields.items():
        kind = thing._meta.get_field(name)
        if isinstance(kind, StreamField):
            value = json.dumps(value)
        setattr(thing, name, value if kind.is_relation else kind.to_python(value))
    return thing


def _edited_since(thing: Any, at: datetime) -> bool:
    """Whether anybody saved it after the import, whose own revision carries the time of the import."""
    newest = thing.latest_revision
    return newest is not None and newest.created_at > at


def _serve_from(home: Page) -> None:
    """Make this the page at /, and take away the page that Wagtail puts there when it is new."""
    site = Site.objects.filter(is_default_site=True).first() or Site(
        hostname="localhost", is_default_site=True
    )
    site.root_page = home
    site.save()
    for welcome in home.get_siblings(inclusive=False).filter(
        content_type__model="page", title="Welcome to your new Wagtail site!"
    ):
        welcome.delete()
