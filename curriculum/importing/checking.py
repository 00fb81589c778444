"""Whether the sources make sense together: every rule of the outline that a machine can check."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlock, StreamBlockValidationError

from competencies.models import Confirmer

from ..blocks import BodyBlock, EvidencesBlock, OutcomesBlock, PromptsBlock, QuestionsBlock, ScenesBlock
from ..models import ActivityPage, Dated
from ..outline import CHECKS, MOST_AWARDS
from . import source
from .faults import Fault, Path

OUTLINE = "curriculum.json"
_STREAMS: dict[str, StreamBlock] = {
    "body": BodyBlock(),
    "scenes": ScenesBlock(),
    "questions": QuestionsBlock(),
    "prompts": PromptsBlock(),
    "outcomes": OutcomesBlock(),
    "evidences": EvidencesBlock(),
}


def check_streams(file: str, path: Path, streams: Mapping[str, list[dict[str, Any]]]) -> list[Fault]:
    """The same rules that an editor meets: lengths, one right answer, scenes that join up."""
    faults = []
    for name, raw in streams.items():
        block = _STREAMS[name]
        kept = [(number, child) for number, child in enumerate(raw) if child["type"] != "then_now"]
        try:
            block.clean(block.to_python([child for _, child in kept]))
        except StreamBlockValidationError as error:
            numbers = [number for number, _ in kept]
            faults += [Fault(file, what, (*path, name, *where)) for where, what in _flat(error, numbers)]
    return faults


def _flat(error: StreamBlockValidationError, numbers: list[int]) -> Iterator[tuple[Path, str]]:
    for message in error.non_block_errors.as_data():
        yield (), " ".join(message.messages)
    for index, child in error.block_errors.items():
        for where, what in _messages(child):
            yield (numbers[int(index)], *where), what


def _messages(error: ValidationError) -> Iterator[tuple[Path, str]]:
    children: Mapping[Any, ValidationError] = getattr(error, "block_errors", {})
    for name, child in children.items():
        for where, what in _messages(child):
            yield (name, *where), what
    own = getattr(error, "non_block_errors", None)
    if own is not None:
        yield from (((), message) for message in own)
    elif not children:
        yield from (((), message) for message in error.messages)


def check_module(
    module: source.Module, file: str, written: Mapping[str, source.Written], *, in_preparation: bool
) -> list[Fault]:
    """A module adds up, and what is written for it belongs to it and is complete."""
    keys = [activity.id for activity in module.activities]
    whats = list(_sums(module, keys))
    faults = [Fault(OUTLINE, f"{module.id}: {what}") for what in whats]
    strangers = [key for key in written if key not in keys]
    faults += [
        Fault(file, f"The outline of {module.id} has no such activity.", ("activities", key))
        for key in strangers
    ]
    missing = [] if in_preparation else [key for key in keys if key not in written]
    faults += [
        Fault(file, f"Activity {key} is not written. A module is written in full or not at all.")
        for key in missing
    ]
    return faults


def _sums(module: source.Module, keys: Collection[str]) -> Iterator[str]:
    total = sum(activity.minutes for activity in module.activities)
    if total != module.minutes:
        yield f"its activities take {total} minutes, but the module says {module.minutes}."
    awards: Counter[str] = Counter()
    for claim in [*module.evidences, *module.may_evidence]:
        named = [*claim.practice_activities, *claim.portfolio_activities]
        awards.update(set(named))
        yield from (
            f"{claim.capability} names activity “{key}”, which it does not have."
            for key in named
            if key not in keys
        )
        if claim.level >= 3 and not claim.practice_activities:
            yield f"{claim.capability} is claimed at level {claim.level} without an activity that somebody confirms."
    yield from (
        f"{key} carries {n} awards; {MOST_AWARDS} is the most."
        for key, n in awards.items()
        if n > MOST_AWARDS
    )


_NEEDED = {"reading": "body", "scenario": "scenes", "quiz": "questions"}


def check_activity(
    module: source.Module, activity: source.Activity, file: str, written: source.Written
) -> list[Fault]:
    """An activity has a known kind and what its kind needs; its questions cover every outcome."""
    faults = [Fault(OUTLINE, f"{activity.id}: {what}") for what in _kind(activity)]
    if written == source.Written():
        return faults
    path = ("activities", activity.id)
    needed = _NEEDED.get(activity.type)
    if needed and not getattr(written, needed):
        faults.append(Fault(file, f"A {activity.type} needs “{needed}”.", path))
    if activity.type in CHECKS:
        faults += [Fault(file, what, (*path, "questions")) for what in _coverage(module, written)]
    return faults


def _kind(activity: source.Activity) -> Iterator[str]:
    if activity.type not in ActivityPage.Kind.values:
        yield f"“{activity.type}” is not a kind of activity."
    if activity.needs_verifier and not activity.prompts:
        yield "somebody confirms it, so it needs a prompt."
    if activity.needs_verifier and not activity.confirmers:
        yield "somebody confirms it, so it needs “confirmers”."
    yield from (
        f"“{name}” is nobody who may confirm practice."
        for name in activity.confirmers
        if name not in Confirmer.values
    )
    if activity.needs_verifier and activity.type in CHECKS:
        yield "a check is marked by the site, so nobody confirms it."


def _coverage(module: source.Module, written: source.Written) -> Iterator[str]:
    known = {outcome.id for outcome in module.outcomes}
    asked = {question.outcome for question in written.questions}
    yield from (f"Outcome {key} has no question." for key in sorted(known - asked))
    yield from (f"{module.id} has no outcome “{key}”." for key in sorted(asked - known))


def check_references(
    outline: source.Outline, *, capabilities: frozenset[str], tiers: frozenset[str], overlays: frozenset[str]
) -> list[Fault]:
    """Names used in the outline exist: modules, facts, capabilities, tiers, overlays, statuses."""
    modules = [module for tier in outline.tiers.values() for module in tier.modules] + outline.overlay_modules
    known = Names(
        modules=frozenset(module.id for module in modules),
        facts=frozenset(fact.id for fact in outline.dated_facts),
        capabilities=capabilities,
        overlays=overlays,
    )
    whats = [f"The tier “{key}” is not known." for key in outline.tiers if key not in tiers]
    whats += [what for module in modules for what in known.unknown_in(module)]
    dated = [*modules, *outline.patient_roles, *outline.glossary, *outline.dated_facts]
    whats += [what for thing in dated for what in _dates(thing)]
    twins = [key for key, n in Counter(module.id for module in modules).items() if n > 1]
    whats += [f"Two modules have the key {key}." for key in twins]
    return [Fault(OUTLINE, what) for what in whats]


class Names:
    """The names that a module may use."""

    def __init__(self, **known: frozenset[str]) -> None:
        self.known = known

    def unknown_in(self, module: source.Module) -> list[str]:
        prompts = [prompt for activity in module.activities for prompt in activity.prompts]
        claims: list[Any] = [*module.outcomes, *module.evidences, *module.may_evidence, *prompts]
        used = {
            "modules": module.prerequisites,
            "facts": module.dated_facts,
            "overlays": module.overlays,
            "capabilities": [claim.capability for claim in claims],
        }
        return [
            f"{module.id}: “{name}” is not among the {kind} we know."
            for kind, names in used.items()
            for name in sorted(set(names) - self.known[kind])
        ]


def _dates(thing: Any) -> Iterator[str]:
    name = getattr(thing, "id", "") or getattr(thing, "key", "") or thing.term
    if thing.status not in Dated.Status.values:
        yield f"{name}: the status “{thing.status}” is not known."
    if thing.review_by < thing.as_of:
        yield f"{name}: the review date is before the date of the check."
