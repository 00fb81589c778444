"""What the source files ask for, as a list of things to store, each checked before anything is stored."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from ..keys import key_of
from ..models import (
    ActivityPage,
    DatedFact,
    GlossaryTerm,
    HomePage,
    InformationPage,
    ModulePage,
    PatientRole,
    ProgrammePage,
)
from . import source
from .checking import check_activity, check_module, check_references, check_streams
from .faults import BrokenSource, Fault, line_of
from .streams import Writer

OUTLINE = "curriculum.json"
HOME = "page:home"
HOME_FILE = "pages/home.yaml"
ROLES = "programme:for-particular-roles"
LONGEST_TITLE = 65


@dataclass(frozen=True)
class Planned:
    """One page or snippet: where it belongs and what its fields are. `fields` is plain JSON."""

    key: str
    model: type[Model]
    fields: dict[str, Any]
    parent: str = ""

    @property
    def hash(self) -> str:
        canonical = json.dumps([self.model.__name__, self.parent, self.fields], sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass
class Plan:
    """Everything to store, parents and facts first, and whatever is wrong with it."""

    items: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, key: str, model: type[Model], fields: dict[str, Any], parent: str = "") -> None:
        self.items.append(Planned(key, model, fields, parent))


def plan_curriculum(
    files: Mapping[str, bytes],
    *,
    capabilities: frozenset[str],
    tiers: frozenset[str],
    overlays: frozenset[str],
) -> Plan:
    """Plan from the files by name: curriculum.json, modules/*.yaml, pages/*.yaml. BrokenSource tells all faults."""
    if not capabilities or not tiers:
        raise BrokenSource(
            [Fault(OUTLINE, "Load the capability framework first: manage.py import_framework.")]
        )
    outline = source.read_outline(OUTLINE, files[OUTLINE])
    written, faults = _read_modules(files)
    plan = Plan(faults=faults)
    _plan_snippets(plan, outline)
    _plan_pages(plan, files)
    for module, parent in _programmes(plan, outline):
        _plan_module(plan, module, parent, written.pop(module.id, None))
    plan.faults += [Fault(name, f"The outline has no module “{key}”.") for key, (name, _) in written.items()]
    plan.faults += check_references(outline, capabilities=capabilities, tiers=tiers, overlays=overlays)
    if plan.faults:
        raise BrokenSource([_with_line(fault, files) for fault in plan.faults])
    return plan


Pages = tuple[str, dict[str, source.Written]]


def _read_modules(files: Mapping[str, bytes]) -> tuple[dict[str, Pages], list[Fault]]:
    written: dict[str, Pages] = {}
    faults: list[Fault] = []
    for name in sorted(name for name in files if name.startswith("modules/")):
        try:
            key, activities = source.read_module(name, files[name])
        except BrokenSource as broken:
            faults += broken.faults
            continue
        if key in written:
            faults.append(Fault(name, f"“{key}” is written in {written[key][0]} as well."))
        written[key] = name, activities
    return written, faults


def _plan_snippets(plan: Plan, outline: source.Outline) -> None:
    for fact in outline.dated_facts:
        fields = {"topic": fact.topic, "report_said": fact.report_said_2013, "now": fact.now}
        plan.add(f"fact:{fact.id}", DatedFact, {"key": fact.id, **fields, **_dates(fact)})
    for term in outline.glossary:
        key = slugify(term.term)
        words = {"term": term.term, "sort_term": term.term.casefold(), "meaning": term.meaning}
        plan.add(
            f"term:{key}", GlossaryTerm, {"key": key, **words, "facts": term.dated_facts, **_dates(term)}
        )
    for role in outline.patient_roles:
        names = ("key", "title", "purpose", "rhythm", "papers", "what_you_add", "capabilities", "modules")
        fields = {name: getattr(role, name) for name in names}
        plan.add(f"role:{role.key}", PatientRole, {**fields, **_dates(role)})


def _plan_pages(plan: Plan, files: Mapping[str, bytes]) -> None:
    """The home page comes first in the list: the others stand under it."""
    names = sorted(
        (name for name in files if name.startswith("pages/")),
        key=lambda name: (name != HOME_FILE, name),
    )
    if HOME_FILE not in names:
        plan.faults.append(Fault(HOME_FILE, "The home page is missing."))
    for name in names:
        try:
            page = source.read_information(name, files[name])
        except BrokenSource as broken:
            plan.faults += broken.faults
            continue
        is_home = name == HOME_FILE
        key = HOME if is_home else f"page:{page.key}"
        writer = Writer(name, key_of(key), ())
        body = writer.body(page.body)
        fields = {"title": page.title, "slug": page.key, "lead": page.lead, "body": body}
        plan.faults += writer.faults + check_streams(name, (), {"body": body})
        if is_home:
            plan.add(key, HomePage, fields)
        else:
            plan.add(
                key, InformationPage, {**fields, "checked": str(page.checked), "show_in_menus": True}, HOME
            )


def _programmes(plan: Plan, outline: source.Outline) -> Iterator[tuple[source.Module, str]]:
    for tier_key, tier in outline.tiers.items():
        key = f"programme:{tier_key}"
        plan.add(key, ProgrammePage, _programme(tier.label, tier.intro, tier_key), HOME)
        yield from ((module, key) for module in tier.modules)
    intro = "Some people need a little more because of what they do. These modules add to the programme of their group."
    plan.add(ROLES, ProgrammePage, _programme("For particular roles", intro, None), HOME)
    yield from ((module, ROLES) for module in outline.overlay_modules)


def _programme(title: str, intro: str, tier: str | None) -> dict[str, Any]:
    return {"title": title, "slug": slugify(tier or title), "intro": intro, "tier": tier}


def _plan_module(plan: Plan, module: source.Module, parent: str, written: Pages | None) -> None:
    file, activities = written or (OUTLINE, {})
    plan.faults += check_module(module, file, activities, in_preparation=written is None)
    writer = Writer(OUTLINE, key_of(module.id), (module.id,))
    fields = {
        "title": module.title,
        "slug": slugify(f"{module.id} {module.title}"),
        "source_key": module.id,
        "minutes": module.minutes,
        "time_note": module.wte,
        "outcomes": writer.outcomes(module.outcomes),
        "evidences": writer.evidences([*module.evidences, *module.may_evidence]),
        "prerequisites": module.prerequisites,
        "overlays": module.overlays,
        "aligned_to": module.aligned_to,
        "facts": module.dated_facts,
        "assessment": module.assessment,
        "in_preparation": written is None,
        **_dates(module),
    }
    plan.add(module.id, ModulePage, fields, parent)
    for activity in module.activities:
        _plan_activity(plan, module, activity, file, activities.get(activity.id, source.Written()))


def _plan_activity(
    plan: Plan, module: source.Module, activity: source.Activity, file: str, written: source.Written
) -> None:
    path = ("activities", activity.id)
    writer = Writer(file, key_of(activity.id), path)
    streams = {
        "body": writer.body(written.body),
        "scenes": writer.scenes(written.scenes),
        "questions": writer.questions(written.questions),
        "prompts": writer.prompts(activity.prompts),
    }
    plan.faults += writer.faults
    plan.faults += check_activity(module, activity, file, written)
    plan.faults += check_streams(file, path, streams)
    names = (
        "minutes",
        "description",
        "needs_verifier",
        "confirm_by",
        "confirmers",
        "confirm_together",
        "essentials",
        "skipped_by_overlay",
    )
    fields = {name: getattr(activity, name) for name in names}
    named = {
        "title": _title(activity),
        "slug": slugify(activity.id),
        "source_key": activity.id,
        "kind": activity.type,
    }
    plan.add(activity.id, ActivityPage, {**named, **fields, **streams}, module.id)


def _title(activity: source.Activity) -> str:
    """A heading of at most 65 characters where the description allows one."""
    if activity.type == "quiz":
        return "Check what you have learned"
    if len(activity.description) <= LONGEST_TITLE:
        return activity.description
    return re.split(r"[:;,]", activity.description)[0]


def _dates(dated: Any) -> dict[str, str]:
    return {
        "as_of": str(dated.as_of),
        "status": dated.status,
        "source": dated.source,
        "review_by": str(dated.review_by),
    }


def _with_line(fault: Fault, files: Mapping[str, bytes]) -> Fault:
    if fault.line or not fault.path or fault.file not in files:
        return fault
    return Fault(fault.file, fault.what, fault.path, line_of(files[fault.file].decode(), fault.path))
