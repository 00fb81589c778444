"""Where a person stands with each module: what it asks, how far they are, which of their gaps it closes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from competencies.queries import Expectation
from workforce.models import User

from ..models import ActivityPage, Attempt, ModulePage, ModuleVersion, Step
from ..models.pages import PATIENTS

PATH_STEP = (
    4  # Treebeard gives each level of the tree 4 characters, so a parent's path is the child's without them.
)


class State(StrEnum):
    READY = "ready"
    STARTED = "started"
    SENT = "sent"  # all that the person can do is done; somebody is asked to confirm the rest
    DONE = "done"
    HELD = "held"  # never begun here, and all that it shows is held already
    PREPARATION = "preparation"


@dataclass(frozen=True)
class Part:
    """One activity, as far as a list of modules needs it."""

    key: UUID
    title: str
    minutes: int
    essentials: bool
    skipped_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """An attempt under way: what is left of the version that it began, and where it stopped."""

    left: tuple[Part, ...]
    href: str
    stopped_at: str

    @property
    def minutes_left(self) -> int:
        return sum(part.minutes for part in self.left)


@dataclass(frozen=True)
class Standing:
    """One module for one person on one day. `closes` are gaps that it can close, soonest due first."""

    key: UUID
    source_key: str
    title: str
    href: str
    minutes: int
    state: State
    minutes_left: int
    is_essential: bool
    order: str
    overlays: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    closes: tuple[Expectation, ...] = ()
    helps: tuple[Expectation, ...] = ()
    finished_on: date | None = None
    under_way: Progress | None = None

    @property
    def is_startable(self) -> bool:
        return self.state != State.PREPARATION

    @property
    def is_behind(self) -> bool:
        """Nothing is left to do for the person."""
        return self.state in (State.DONE, State.HELD)

    @property
    def is_again(self) -> bool:
        """Finished once, and something that it showed has lapsed since."""
        return self.state == State.READY and self.finished_on is not None

    @property
    def time_left(self) -> str:
        return length(self.minutes_left)

    @property
    def due(self) -> date:
        """The soonest day on which it is missed; no day presses patient representatives."""
        return min((gap.due for gap in self.closes if gap.tier_key != PATIENTS), default=date.max)


def standings(
    user: User,
    *,
    modules: Iterable[ModulePage],
    expected: Sequence[Expectation],
    overlays: Collection[str] = (),
) -> list[Standing]:
    """Each of the modules as it stands for the person, in the order given. At most four queries."""
    modules = list(modules)
    parts = _parts(modules)
    attempts = list(
        Attempt.objects.filter(user=user, kind=Attempt.Kind.WHOLE, module_key__in=[m.key for m in modules])
        .defer("version__content")
        .prefetch_related("steps")
        .order_by("pk")
    )
    versions = (
        ModuleVersion.objects.in_bulk([a.version_id for a in attempts if not a.finished_at])
        if attempts
        else {}
    )
    return [
        _standing(
            module,
            expected,
            [part for part in parts.get(module.path, []) if not set(part.skipped_by) & set(overlays)],
            _under_way(module, attempts, versions, overlays),
            _finished_on(module, attempts),
        )
        for module in modules
    ]


def _parts(modules: Sequence[ModulePage]) -> dict[str, list[Part]]:
    """Activities by the path of their module."""
    if not modules:
        return {}
    beneath = Q()
    for module in modules:
        beneath |= Q(path__startswith=module.path, depth=module.depth + 1)
    rows = (
        ActivityPage.objects.live()
        .filter(beneath)
        .order_by("path")
        .values_list("path", "translation_key", "title", "minutes", "essentials", "skipped_by_overlay")
    )
    found: dict[str, list[Part]] = {}
    for path, key, title, minutes, essentials, skipped in rows:
        found.setdefault(path[:-PATH_STEP], []).append(Part(key, title, minutes, essentials, tuple(skipped)))
    return found


def _finished_on(module: ModulePage, attempts: Iterable[Attempt]) -> date | None:
    finished = [a.finished_at for a in attempts if a.module_key == module.key and a.finished_at]
    return timezone.localdate(max(finished)) if finished else None


def _under_way(
    module: ModulePage,
    attempts: Iterable[Attempt],
    versions: dict[int, ModuleVersion],
    overlays: Collection[str],
) -> Progress | None:
    attempt = next((a for a in attempts if a.module_key == module.key and not a.finished_at), None)
    if attempt is None:
        return None
    steps = {step.activity_key: step for step in attempt.steps.all()}
    left = tuple(
        Part(activity.key, activity.title, activity.minutes, activity.essentials)
        for activity in versions[attempt.version_id].module.activities
        if not set(activity.skipped_by_overlay) & set(overlays)
        and not (activity.key in steps and steps[activity.key].state != Step.State.STARTED)
    )
    return Progress(left, *_where(attempt, steps, left))


def _where(attempt: Attempt, steps: dict[UUID, Step], left: Sequence[Part]) -> tuple[str, str]:
    """Address and title of the step that the person was on last, else of the first that is left."""
    if not left:
        return attempt.get_absolute_url(), ""
    begun = [part for part in left if part.key in steps]
    stopped = max(begun, key=lambda part: steps[part.key].pk) if begun else left[0]
    return reverse("curriculum:step", args=[attempt.registration, stopped.key]), stopped.title


def _standing(
    module: ModulePage,
    expected: Sequence[Expectation],
    parts: Sequence[Part],
    under_way: Progress | None,
    finished_on: date | None,
) -> Standing:
    claims = claimed_levels(module)
    closes, helps = _gaps_met(claims, expected)
    asked = [e for e in expected if claims.get(e.code, 0) >= e.level]
    state = _state(module, under_way, finished_on, lacks=bool(closes or helps), asked=bool(asked))
    left = under_way.minutes_left if under_way else sum(part.minutes for part in parts)
    return Standing(
        key=module.key,
        source_key=module.source_key,
        title=module.title,
        href=module.get_url() or "",
        minutes=module.minutes,
        state=state,
        minutes_left=left if state in (State.READY, State.STARTED) else 0,
        is_essential=any(part.essentials for part in parts),
        order=module.path,
        overlays=tuple(module.overlays),
        prerequisites=tuple(module.prerequisites),
        closes=closes,
        helps=helps,
        finished_on=finished_on,
        under_way=under_way,
    )


def claimed_levels(module: ModulePage) -> dict[str, int]:
    """Capability code → the level that finishing the module shows; what only some people may show is left out."""
    values = [child["value"] for child in module.evidences.get_prep_value()]
    return {value["capability"]: value["level"] for value in values if not value.get("when")}


def _gaps_met(
    claims: dict[str, int], expected: Iterable[Expectation]
) -> tuple[tuple[Expectation, ...], tuple[Expectation, ...]]:
    """The gaps that these claims close, and those that they only narrow."""
    gaps = [e for e in expected if not e.met and claims.get(e.code, 0) > e.held]
    closes = sorted((gap for gap in gaps if claims[gap.code] >= gap.level), key=lambda gap: gap.due)
    return tuple(_once(closes)), tuple(_once(gap for gap in gaps if claims[gap.code] < gap.level))


def _once(gaps: Iterable[Expectation]) -> list[Expectation]:
    """Two tiers may expect the same capability: the higher level is told, and the sooner day comes first.

    What an organisation asks on top is told beside it, not instead of it.
    """
    highest: dict[tuple[str, str], Expectation] = {}
    for gap in gaps:
        known = highest.get((gap.code, gap.local_to))
        if known is None or gap.level > known.level:
            highest[gap.code, gap.local_to] = gap
    return list(highest.values())


def _state(
    module: ModulePage, under_way: Progress | None, finished_on: date | None, *, lacks: bool, asked: bool
) -> State:
    if under_way:
        return State.STARTED if under_way.left else State.SENT
    if finished_on and not lacks:
        return State.DONE
    if asked and not lacks:
        return State.HELD
    if module.in_preparation:
        return State.DONE if finished_on else State.PREPARATION
    return State.READY


def length(minutes: int) -> str:
    """For a person: 45 minutes, 2 hours, 1 hour 30 minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour"), _count(rest, "minute")]
    return " ".join(part for part in parts if part) or "0 minutes"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
