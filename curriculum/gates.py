"""A level is defined by its evidence, in gates. What each gate of a module shows, as evidence rules.

Gate 1: the unassessed activities are done. Gate 2: its checks are passed too (for patient representatives:
finished and talked through). Gate 3: practice is confirmed. Gate 4: the portfolio is confirmed. Passing gate n
gives each capability the lower of n and the level that the module claims; a gate that a module lacks is skipped.
Accepted prior learning gives what gates 1 and 2 would.
"""

from collections.abc import Iterator

from competencies.actions import RuleSpec
from learning import verbs
from learning.iris import activity_iri

from .outline import PORTFOLIO, Activity, Module

LEARNED, CHECKED = 1, 2


def gate_verb(module: Module, gate: int) -> str:
    """The verb of the one statement that a module makes when a gate is reached."""
    if module.for_patients:
        return verbs.EXPERIENCED if gate == LEARNED else verbs.COMPLETED
    return verbs.COMPLETED if gate == LEARNED else verbs.PASSED


def gates_of(module: Module) -> list[int]:
    """Which of gates 1 and 2 a module has."""
    return [gate for gate, activities in ((LEARNED, module.taught), (CHECKED, module.checks)) if activities]


def rules_of(module: Module, *, startable: bool) -> dict[str, list[RuleSpec]]:
    """Evidence rules by activity IRI. A module in preparation can be waived and nothing else."""
    module_iri = activity_iri(module.key)
    rules = {
        module_iri: [
            _rule(verbs.WAIVED, claim.capability, min(2, claim.level))
            for claim in module.evidences
            if not claim.when
        ]
    }
    if startable:
        rules[module_iri] += _module_rules(module)
    for activity in module.practice:
        rules[activity_iri(activity.key)] = list(_practice_rules(module, activity)) if startable else []
    return rules


def _module_rules(module: Module) -> list[RuleSpec]:
    return [
        _rule(gate_verb(module, gate), claim.capability, min(gate, claim.level))
        for gate in gates_of(module)
        for claim in module.evidences
        if not claim.when
    ]


def _practice_rules(module: Module, activity: Activity) -> Iterator[RuleSpec]:
    for claim, level in module.claims_by(activity):
        after = _before_practice(module)
        if activity.kind == PORTFOLIO:
            after = _before_portfolio(module, claim.practice_activities) or after
        yield _rule(verbs.VERIFIED, claim.capability, level, after)


def _before_practice(module: Module) -> tuple[str, str] | None:
    gates = gates_of(module)
    return (activity_iri(module.key), gate_verb(module, gates[-1])) if gates else None


def _before_portfolio(module: Module, practice: list[str]) -> tuple[str, str] | None:
    first = next((activity for activity in module.practice if activity.source_key in practice), None)
    return (activity_iri(first.key), verbs.VERIFIED) if first else None


def _rule(verb: str, capability: str, level: int, after: tuple[str, str] | None = None) -> RuleSpec:
    return RuleSpec(verb=verb, capability_code=capability, level=level, after=after)
