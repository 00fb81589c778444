"""A published module, read from the JSON of its version. Plain data: no database, no request.

Texts are Wagtail's stored HTML; `body` is a StreamField's raw list. Keys of outcomes, scenes and questions
are the author's; keys of the module and of its activities are UUIDs.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

CHECKS = frozenset({"quiz", "run_chart_exercise"})
PORTFOLIO = "portfolio"
MASTERY = 0.8
MOST_AWARDS = 2


class _Part(msgspec.Struct, dict=True):
    """Data, with room for cached properties."""


class Outcome(_Part):
    key: str
    text: str
    capability: str


class Claim(_Part):
    """A capability that the module shows, up to a level, and the activities whose confirmation shows 3 and 4."""

    capability: str
    level: int
    practice_activities: list[str] = []
    portfolio_activities: list[str] = []
    when: str = ""


class Prompt(_Part):
    capability: str
    text: str


class Choice(_Part):
    text: str
    feedback: str
    next: str


class Scene(_Part):
    key: str
    title: str
    text: str
    choices: list[Choice] = []


class Option(_Part):
    text: str
    correct: bool
    feedback: str


class Question(_Part):
    key: str
    outcome: str
    stem: str
    options: list[Option]

    @cached_property
    def right(self) -> int:
        """The number of the right option, from 0."""
        return next(number for number, option in enumerate(self.options) if option.correct)


class Activity(_Part):
    key: UUID
    source_key: str
    title: str
    kind: str
    minutes: int
    description: str = ""
    needs_verifier: bool = False
    essentials: bool = False
    confirm_by: str = ""
    confirm_together: bool = False
    confirmers: list[str] = msgspec.field(default_factory=lambda: ["colleague"])
    skipped_by_overlay: list[str] = []
    body: list[Any] = []
    scenes: list[Scene] = []
    questions: list[Question] = []
    prompts: list[Prompt] = []

    @property
    def is_check(self) -> bool:
        return self.kind in CHECKS

    @property
    def is_practice(self) -> bool:
        """Done for real and confirmed by a person: gates 3 and 4."""
        return self.needs_verifier

    @property
    def is_taught(self) -> bool:
        """Unassessed: gate 1."""
        return not self.is_check and not self.is_practice

    @cached_property
    def scene_by_key(self) -> dict[str, Scene]:
        return {scene.key: scene for scene in self.scenes}

    @cached_property
    def question_by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}


class Module(_Part):
    key: UUID
    source_key: str
    title: str
    minutes: int
    for_patients: bool
    outcomes: list[Outcome]
    evidences: list[Claim]
    activities: list[Activity]

    @cached_property
    def activity_by_key(self) -> dict[UUID, Activity]:
        return {activity.key: activity for activity in self.activities}

    @cached_property
    def taught(self) -> list[Activity]:
        return [activity for activity in self.activities if activity.is_taught]

    @cached_property
    def checks(self) -> list[Activity]:
        return [activity for activity in self.activities if activity.is_check]

    @cached_property
    def practice(self) -> list[Activity]:
        return [activity for activity in self.activities if activity.is_practice]

    def claims_by(self, activity: Activity) -> list[tuple[Claim, int]]:
        """What confirming an activity shows: its claims, each with the level (3 for practice, 4 for a portfolio)."""
        if activity.kind == PORTFOLIO:
            named = [
                (claim, 4) for claim in self.evidences if activity.source_key in claim.portfolio_activities
            ]
        else:
            named = [
                (claim, 3) for claim in self.evidences if activity.source_key in claim.practice_activities
            ]
        return [(claim, min(level, claim.level)) for claim, level in named]


def module_from(content: Mapping[str, Any]) -> Module:
    """The module that a version keeps. msgspec.ValidationError if it was not frozen by this project."""
    return msgspec.convert(content, Module)
