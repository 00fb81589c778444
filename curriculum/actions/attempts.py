"""A person begins a module, takes in what is taught, and passes its gates."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning import verbs
from workforce.models import User

from ..gates import CHECKED, LEARNED, gate_verb
from ..models import Attempt, ModulePage, ModuleVersion, Step
from ..outline import Activity
from ..statements import Statement, gate_statement, record, step_statement


@transaction.atomic
def start_attempt(
    *, user: User, module_key: UUID, registration: UUID | None = None, at: datetime | None = None
) -> Attempt:
    """Begin a module at its newest version; an attempt that is still open goes on instead.

    Raises ValidationError while the module is in preparation.
    """
    version = ModuleVersion.objects.filter(module_key=module_key).order_by("-number").first()
    startable = ModulePage.objects.live().filter(translation_key=module_key, in_preparation=False)
    if version is None or not startable.exists():
        raise ValidationError("This module is still being written. You cannot start it yet.")
    attempt, _ = Attempt.objects.select_related("version", "user").get_or_create(
        user=user,
        module_key=module_key,
        kind=Attempt.Kind.WHOLE,
        finished_at=None,
        defaults={
            "version": version,
            "registration": registration or uuid4(),
            "started_at": at or timezone.now(),
        },
    )
    return attempt


@transaction.atomic
def finish_reading(*, attempt: Attempt, activity_key: UUID, at: datetime | None = None) -> Step:
    """A reading, or another part that nobody marks or confirms, is done. Doing it again changes nothing."""
    activity = activity_of(attempt, activity_key)
    if not activity.is_taught or activity.scenes:
        raise ValidationError("This part is not finished by reading it.")
    at = at or timezone.now()
    step = locked_step(attempt, activity)
    if step.state != Step.State.DONE:
        complete_step(attempt, step, activity, verbs.EXPERIENCED, at)
    return step


def choose(
    *, attempt: Attempt, activity_key: UUID, scene: str, choice: int, at: datetime | None = None
) -> Step:
    """Take a choice in a scene of a scenario; see `walk`."""
    return walk(attempt=attempt, activity_key=activity_key, choices=[(scene, choice)], at=at)


@transaction.atomic
def walk(
    *, attempt: Attempt, activity_key: UUID, choices: Sequence[tuple[str, int]], at: datetime | None = None
) -> Step:
    """Take choices (scene, number from 0) in a scenario. Coming to an ending finishes it; it may be walked again.

    What was chosen stays in the person's own draft: the record says only that the scenario was finished.
    Going back to an earlier scene and choosing again forgets what came after it.
    """
    activity = activity_of(attempt, activity_key)
    for scene, choice in choices:
        if scene not in activity.scene_by_key or choice not in range(
            len(activity.scene_by_key[scene].choices)
        ):
            raise ValidationError("Choose one of the answers.")
    at = at or timezone.now()
    step = locked_step(attempt, activity)
    path = [taken for taken in step.draft.get("path", []) if isinstance(taken, list)]
    following = step.draft.get("scene", activity.scenes[0].key)
    for scene, choice in choices:
        before = next((place for place, (key, _) in enumerate(path) if key == scene), len(path))
        following = activity.scene_by_key[scene].choices[choice].next
        path = [*path[:before], [scene, choice]]
    step.draft = {"path": path, "scene": following}
    step.save(update_fields=["draft"])
    if not activity.scene_by_key[following].choices and step.state != Step.State.DONE:
        complete_step(attempt, step, activity, verbs.EXPERIENCED, at)
    return step


@transaction.atomic
def finish_module_gates(*, attempt: Attempt, at: datetime | None = None) -> list[int]:
    """Say each gate of the module that is newly reached, once; returns their numbers."""
    at = at or timezone.now()
    lock_attempt(attempt)
    said = _gates_reached(attempt, at)
    record([statement for _, statement in said], at)
    return [gate for gate, _ in said]


def complete_step(
    attempt: Attempt,
    step: Step,
    activity: Activity,
    verb: str,
    at: datetime,
    *,
    number: int = 1,
    result: Statement | None = None,
) -> None:
    """Mark a step done and say so, with any gate that this reaches. The attempt is locked by the caller."""
    step.state, step.done_at = Step.State.DONE, at
    step.save(update_fields=["state", "done_at"])
    said = [step_statement(attempt, activity, verb, at, number=number, result=result)]
    record([*said, *(statement for _, statement in _gates_reached(attempt, at))], at)


def close_if_finished(attempt: Attempt, at: datetime) -> None:
    """An attempt is finished when every activity of its module is done."""
    if attempt.finished_at is None and _done(attempt) >= set(attempt.module.activity_by_key):
        attempt.finished_at = at
        attempt.save(update_fields=["finished_at"])


def activity_of(attempt: Attempt, activity_key: UUID) -> Activity:
    """The activity as the attempt's version has it; ValidationError if it has none with this key."""
    activity = attempt.module.activity_by_key.get(activity_key)
    if activity is None:
        raise ValidationError("This module has no such part.")
    return activity


def lock_attempt(attempt: Attempt) -> None:
    """One action at a time within an attempt; brings the times of its gates up to date."""
    attempt.refresh_from_db(
        fields=["learned_at", "checked_at", "finished_at"], from_queryset=Attempt.objects.select_for_update()
    )


def locked_step(attempt: Attempt, activity: Activity) -> Step:
    """The step for an activity, made when it is first needed, with its attempt locked."""
    lock_attempt(attempt)
    step, _ = Step.objects.get_or_create(attempt=attempt, activity_key=activity.key)
    return step


def _gates_reached(attempt: Attempt, at: datetime) -> list[tuple[int, Statement]]:
    module, done = attempt.module, _done(attempt)
    said = []
    learned = all(activity.key in done for activity in module.taught)
    if learned and module.taught and attempt.learned_at is None:
        attempt.learned_at = at
        said.append((LEARNED, gate_statement(attempt, LEARNED, gate_verb(module, LEARNED), at)))
    checked = learned and all(activity.key in done for activity in module.checks)
    if checked and module.checks and attempt.checked_at is None:
        attempt.checked_at = at
        said.append((CHECKED, gate_statement(attempt, CHECKED, gate_verb(module, CHECKED), at)))
    if done >= set(module.activity_by_key):
        attempt.finished_at = attempt.finished_at or at
    attempt.save(update_fields=["learned_at", "checked_at", "finished_at"])
    return said


def _done(attempt: Attempt) -> set[UUID]:
    return set(attempt.steps.filter(state=Step.State.DONE).values_list("activity_key", flat=True))
