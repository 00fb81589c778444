"""The short road to what ends or has lapsed: the check alone for levels 1 and 2, one new piece of practice for 3."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from competencies.models import Evidence
from competencies.queries import Ending, endings, lapsed
from learning import verbs
from learning.iris import activity_iri
from workforce.models import User

from .gates import CHECKED, gate_verb, gates_of
from .models import Attempt, ModulePage, ModuleVersion
from .next_steps.standing import claimed_levels
from .outline import PORTFOLIO, Activity, Module

APPLY = 3


@dataclass(frozen=True)
class Road:
    """What renews one level: a part of one module, pinned to the version of today once it is begun."""

    kind: str
    version: ModuleVersion
    activity: Activity | None
    minutes: int
    under_way: Attempt | None

    @property
    def module(self) -> Module:
        return self.version.module

    @property
    def is_practice(self) -> bool:
        return self.kind == Attempt.Kind.PRACTICE


def ending_or_lapsed(user: User, on: date) -> list[Ending]:
    """What ends within 90 days, and what has ended however long ago. Three queries."""
    soon = endings(user, on)
    known = {ending.code for ending in soon}
    return [*soon, *(ending for ending in lapsed(user, on) if ending.code not in known)]


def renewal_roads(user: User, found: Sequence[Ending]) -> list[tuple[Ending, Road | None]]:
    """Each with its short road; None where no module of which the person passed the gates has one.

    Three queries, one for the site and one for the attempts under way, whatever ends.
    """
    if not found:
        return []
    versions = _versions(found)
    passed = _passed(user, versions)
    open_now = list(
        Attempt.objects.filter(user=user, finished_at=None).exclude(kind=Attempt.Kind.WHOLE)
        if versions
        else []
    )
    return [
        (ending, next(_roads(ending, [v for v in versions if _is_open(v.module, passed)], open_now), None))
        for ending in found
    ]


def _versions(found: Sequence[Ending]) -> list[ModuleVersion]:
    """The newest version of each module that can be started and shows one of these, in the programmes' order."""
    asked = {ending.code for ending in found}
    pages = ModulePage.objects.live().filter(in_preparation=False).order_by("path")
    keys = [page.key for page in pages if asked & claimed_levels(page).keys()]
    newest = ModuleVersion.objects.filter(module_key__in=keys).order_by("module_key", "-number")
    by_key = {version.module_key: version for version in newest.distinct("module_key")}
    return [by_key[key] for key in keys if key in by_key]


def _passed(user: User, versions: Iterable[ModuleVersion]) -> set[tuple[str, str]]:
    """The (module, verb) pairs by which this person's record shows something today or showed it once."""
    iris = [activity_iri(version.module_key) for version in versions]
    shown = Evidence.objects.filter(user=user, withdrawn_at=None, statement__activity__iri__in=iris)
    return set(shown.values_list("statement__activity__iri", "statement__verb"))


def _is_open(module: Module, passed: set[tuple[str, str]]) -> bool:
    """Whether the person has been through what is taught here: nobody skips the readings the first time."""
    iri, gates = activity_iri(module.key), gates_of(module)
    return not gates or bool({(iri, gate_verb(module, gates[-1])), (iri, verbs.WAIVED)} & passed)


def _roads(ending: Ending, versions: Iterable[ModuleVersion], open_now: Sequence[Attempt]) -> Iterator[Road]:
    for version in versions:
        module = version.module
        levels = {claim.capability: claim.level for claim in module.evidences if not claim.when}
        if ending.level <= CHECKED and levels.get(ending.code, 0) >= ending.level and module.checks:
            minutes = sum(check.minutes for check in module.checks)
            yield _road(Attempt.Kind.CHECK, version, None, minutes, open_now)
        for activity in module.practice if ending.level == APPLY else ():
            shows = {claim.capability for claim, level in module.claims_by(activity) if level == APPLY}
            if ending.code in shows and activity.kind != PORTFOLIO:
                yield _road(Attempt.Kind.PRACTICE, version, activity, activity.minutes, open_now)


def _road(
    kind: str, version: ModuleVersion, activity: Activity | None, minutes: int, open_now: Sequence[Attempt]
) -> Road:
    key: UUID | None = activity.key if activity else None
    under_way = next(
        (a for a in open_now if (a.module_key, a.kind, a.activity_key) == (version.module_key, kind, key)),
        None,
    )
    return Road(kind, version, activity, minutes, under_way)
