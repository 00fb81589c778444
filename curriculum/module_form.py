"""What an editor's form for a module checks beyond its fields: a module is opened when it is written."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from .blocks.questions import PER_OUTCOME
from .outline import CHECKS


class ModuleForm(WagtailAdminPageForm):
    """Refuses to open a module ("in preparation" off) while one of its published activities lacks its content."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("in_preparation") and not self.is_deferred_validation:
            outcomes = [child.value["key"] for child in cleaned.get("outcomes") or ()]
            for lack in unwritten(self.instance, outcomes):
                self.add_error("in_preparation", lack)
        return cleaned


def unwritten(module: Any, outcomes: list[str]) -> list[str]:
    """What is still missing before a module page with these outcomes can be opened, in words for an editor."""
    activities = module.get_children().live().specific() if module.pk else []
    if not activities:
        return ["Add and publish the activities first. Until then, leave this on."]
    return [f"{page.source_key}: {lack}" for page in activities for lack in _missing(page, outcomes)]


def _missing(page: Any, outcomes: list[str]) -> list[str]:
    if page.needs_verifier:
        return [] if page.prompts else ["write a prompt for each capability that it shows."]
    if page.kind in CHECKS:
        asked = [child.value["outcome"] for child in page.questions]
        few = [key for key in outcomes if asked.count(key) < PER_OUTCOME]
        return [f"write at least {PER_OUTCOME} questions for {key}." for key in few]
    if page.kind == "scenario":
        return [] if page.scenes else ["write its scenes."]
    return [] if page.body else ["write its text."]
