"""What people have done and may do in the curriculum, and how a version is shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from wagtail.blocks import StreamValue

from competencies.queries import capability_names
from workforce.models import User

from .models import ActivityPage, Attempt, DatedFact, ModulePage, ProgrammePage, Reflection, Step
from .models.pages import PATIENTS
from .outline import Activity


@dataclass(frozen=True)
class Gain:
    """A capability that a module shows, by name and level."""

    code: str
    name: str
    level: int
    when: str = ""


def module_page_context(page: ModulePage, user: User | AnonymousUser | None) -> dict[str, Any]:
    """What a module's page says beside its own fields; `user` may be nobody."""
    activities = list(ActivityPage.objects.child_of(page).live().order_by("path"))
    attempts = list(attempts_of(user, [page.key])) if user is not None and user.is_authenticated else []
    return {
        "activities": activities,
        "for_patients": ProgrammePage.objects.parent_of(page).filter(tier__key=PATIENTS).exists(),
        "gains": gains_of(page),
        "before": ModulePage.objects.live().filter(source_key__in=page.prerequisites),
        "facts": DatedFact.objects.filter(live=True, key__in=page.facts),
        "open_attempt": next((attempt for attempt in attempts if attempt.finished_at is None), None),
        "finished_attempt": next((attempt for attempt in attempts if attempt.finished_at), None),
    }


def gains_of(page: ModulePage) -> list[Gain]:
    claims = [child.value for child in page.evidences]
    names = capability_names([claim["capability"] for claim in claims])
    return [
        Gain(claim["capability"], names.get(claim["capability"], ""), claim["level"], claim["when"])
        for claim in claims
    ]


def attempts_of(user: User, module_keys: Collection[Any]) -> Iterable[Attempt]:
    """A person's attempts at these whole modules, newest first."""
    return (
        Attempt.objects.filter(user=user, kind=Attempt.Kind.WHOLE, module_key__in=module_keys)
        .select_related("version")
        .order_by("-pk")
    )


def steps_of(attempt: Attempt) -> dict[Any, Step]:
    """The steps that were begun, by the key of their activity."""
    return {step.activity_key: step for step in attempt.steps.all()}


def minutes_left(attempt: Attempt, steps: dict[Any, Step]) -> int:
    """Minutes of the activities that the person has neither done nor sent."""
    over = {key for key, step in steps.items() if step.state != Step.State.STARTED}
    return sum(activity.minutes for activity in attempt.module.activities if activity.key not in over)


def body_of(activity: Activity) -> StreamValue:
    """A frozen body, ready to be shown. Dated facts in it are looked up, so that they stay true."""
    return ActivityPage._meta.get_field("body").stream_block.to_python(activity.body)


def reflections_of(user: User) -> dict[int, Reflection]:
    """What a person wrote for themself, by the number of the question. Only for pages of that same person."""
    return {reflection.number: reflection for reflection in Reflection.objects.filter(user=user)}
