"""The content that ships: all of it loads, and FR-1, FR-2 and PT-1 keep what their outline promises."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from competencies.actions import import_framework
from competencies.models import Edition, EvidenceRule
from curriculum.actions import import_curriculum
from curriculum.actions.importing import CONTENT, content_files
from curriculum.importing.source import read_outline
from curriculum.models import (
    ActivityPage,
    GlossaryTerm,
    ModulePage,
    ModuleVersion,
    PatientRole,
    ProgrammePage,
)

FRAMEWORK = CONTENT.parents[1] / "competencies" / "frameworks" / "safety-and-improvement-0.2.json"
WRITTEN = sorted(CONTENT.glob("modules/*.yaml"))
OUTLINE = read_outline("curriculum.json", content_files()["curriculum.json"])
MODULES = {module.id: module for tier in OUTLINE.tiers.values() for module in tier.modules}
FEWEST_DECISIONS = 3
# Words a minute that people read: a reading holds at least what its minutes take at an easy pace.
EASY_PACE = 180


@pytest.mark.slow
def test_all_of_the_curriculum_loads(db: None) -> None:
    if not Edition.objects.exists():
        import_framework(raw=FRAMEWORK.read_bytes())
    report = import_curriculum()
    assert report.kept == []
    assert (ProgrammePage.objects.count(), ModulePage.objects.count(), ActivityPage.objects.count()) == (
        6,
        42,
        211,
    )
    assert (PatientRole.objects.count(), GlossaryTerm.objects.count()) == (13, 71)
    startable = ModulePage.objects.filter(in_preparation=False).order_by("source_key")
    assert list(startable.values_list("source_key", flat=True)) == ["FR-1", "FR-2", "PT-1"]
    assert ModuleVersion.objects.count() == 3
    assert EvidenceRule.objects.filter(verb__endswith="/waived").count() == _claims()
    assert import_curriculum().same == len(report.made)


def _claims() -> int:
    every = [*MODULES.values(), *OUTLINE.overlay_modules]
    return sum(len(module.evidences) for module in every)


def _activities(path: Path) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(path.read_text())["activities"]


def _shortest(scenes: list[dict[str, Any]]) -> int:
    """Decisions on the shortest route from the first scene to an ending."""
    choices = {scene["key"]: [choice["next"] for choice in scene["choices"]] for scene in scenes}
    here, decisions = {scenes[0]["key"]}, 0
    while all(choices[key] for key in here):
        here, decisions = {following for key in here for following in choices[key]}, decisions + 1
    return decisions


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_every_route_through_a_scenario_has_three_decisions(path: Path) -> None:
    scenarios = [one["scenes"] for one in _activities(path).values() if one.get("scenes")]
    assert scenarios
    assert all(_shortest(scenes) >= FEWEST_DECISIONS for scenes in scenarios)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_readings_take_the_minutes_that_they_say(path: Path) -> None:
    written = _activities(path)
    readings = [activity for activity in MODULES[path.stem].activities if activity.type == "reading"]
    words = {one.id: len(re.findall(r"\w+", yaml.safe_dump(written[one.id]["body"]))) for one in readings}
    assert [one.id for one in readings if words[one.id] < EASY_PACE * one.minutes] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_nothing_is_called_mandatory(path: Path) -> None:
    assert "mandatory" not in path.read_text().lower()
