"""Publishing freezes a module: its version for the people who begin it, and what it shows."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from competencies.actions import set_evidence_rules

from ..gates import rules_of
from ..models import ActivityPage, ModulePage, ModuleVersion
from ..models.pages import PATIENTS
from ..outline import module_from


@transaction.atomic
def freeze_module(*, module: ModulePage, at: datetime | None = None) -> ModuleVersion | None:
    """Keep the module as it is published now and set what it shows; None when nothing new had to be kept.

    A module in preparation gets no version, because nobody can begin it.
    """
    content = content_of(module)
    newest = ModuleVersion.objects.filter(module_key=module.key).order_by("-number").first()
    for iri, rules in rules_of(module_from(content), startable=not module.in_preparation).items():
        if rules or newest:
            set_evidence_rules(activity_iri=iri, rules=rules)
    if module.in_preparation or (newest and newest.content == content):
        return None
    return ModuleVersion.objects.create(
        module_key=module.key,
        number=newest.number + 1 if newest else 1,
        content=content,
        created_at=at or timezone.now(),
    )


def content_of(module: ModulePage) -> dict[str, Any]:
    """The published module as plain JSON, in the shape of curriculum.outline.Module."""
    programme = module.get_parent().specific
    activities = ActivityPage.objects.child_of(module).live().order_by("path")
    return {
        "key": str(module.key),
        "source_key": module.source_key,
        "title": module.title,
        "minutes": module.minutes,
        "for_patients": bool(programme.tier and programme.tier.key == PATIENTS),
        "outcomes": _plain(module.outcomes),
        "evidences": _plain(module.evidences),
        "activities": [_activity(page) for page in activities],
    }


def _activity(page: ActivityPage) -> dict[str, Any]:
    names = (
        "source_key",
        "title",
        "kind",
        "minutes",
        "description",
        "needs_verifier",
        "essentials",
        "confirm_by",
    )
    return {
        "key": str(page.key),
        **{name: getattr(page, name) for name in names},
        "confirmers": list(page.confirmers),
        "confirm_together": page.confirm_together,
        "skipped_by_overlay": list(page.skipped_by_overlay),
        "body": page.body.get_prep_value(),
        "scenes": _plain(page.scenes),
        "questions": _plain(page.questions),
        "prompts": _plain(page.prompts),
    }


def _plain(stream: Any) -> list[Any]:
    """The values of a stream of one kind of block, without Wagtail's wrapping and ids."""
    return [_unwrapped(child["value"]) for child in stream.get_prep_value()]


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unwrapped(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item["value"]) for item in value]
    return value
