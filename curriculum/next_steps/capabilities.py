"""What a person is asked and holds, capability by capability, and what closes each gap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from competencies.models import SelfAssessment
from competencies.queries import Expectation, Held

from ..models.pages import PATIENTS
from .programmes import Section
from .standing import Standing, State


@dataclass(frozen=True)
class Asked:
    """One expectation of one tier, what the person holds of it, and the modules that help where it is a gap."""

    expectation: Expectation
    held: Held | None
    modules: tuple[Standing, ...]
    said: SelfAssessment | None

    @property
    def for_patients(self) -> bool:
        return self.expectation.tier_key == PATIENTS

    @property
    def names_the_day(self) -> bool:
        """Whether to say by when: only of a gap that staff can do something about today."""
        return not self.for_patients and any(module.is_startable for module in self.modules)

    @property
    def needs_practice(self) -> bool:
        """Levels 3 and 4 are shown by practice that a person confirms."""
        return not self.expectation.met and self.expectation.level > 2


@dataclass(frozen=True)
class OfTier:
    """All that one tier asks, by domain, in the order of the framework."""

    key: str
    domains: tuple[tuple[str, tuple[Asked, ...]], ...]

    @property
    def for_patients(self) -> bool:
        """Patient representatives are not pressed: no count, no day, and no word of gaps."""
        return self.key == PATIENTS

    @property
    def asked(self) -> list[Asked]:
        return [asked for _, of_domain in self.domains for asked in of_domain]

    @property
    def national(self) -> list[Asked]:
        """What the edition asks; an organisation's own are not counted with it."""
        return [asked for asked in self.asked if not asked.expectation.local_to]

    @property
    def met(self) -> int:
        return sum(asked.expectation.met for asked in self.national)

    @property
    def local(self) -> int:
        return len(self.asked) - len(self.national)


def asked_of(
    expected: Sequence[Expectation],
    held: Mapping[str, Held],
    sections: Iterable[Section],
    said: Mapping[str, SelfAssessment],
) -> list[OfTier]:
    """Everything that is expected, tier by tier and domain by domain."""
    modules = list({module.source_key: module for section in sections for module in section.modules}.values())
    return [
        OfTier(
            key,
            tuple(
                (domain, tuple(_asked(e, held, modules, said) for e in of_domain))
                for domain, of_domain in groupby(of_tier, key=lambda e: e.domain)
            ),
        )
        for key, of_tier in groupby(expected, key=lambda e: e.tier_key)
    ]


def _asked(
    expectation: Expectation,
    held: Mapping[str, Held],
    modules: Sequence[Standing],
    said: Mapping[str, SelfAssessment],
) -> Asked:
    found = () if expectation.met else closing(expectation, modules)
    return Asked(expectation, held.get(expectation.code), found, said.get(expectation.code))


def closing(gap: Expectation, modules: Iterable[Standing]) -> tuple[Standing, ...]:
    """The modules that close a gap; where none does, those that narrow it. What can be started comes first."""
    modules = list(modules)
    closes = [module for module in modules if _meets(module, gap)]
    found = closes or [m for m in modules if any(helped.code == gap.code for helped in m.helps)]
    return tuple(sorted(found, key=lambda module: module.state == State.PREPARATION))


def _meets(module: Standing, gap: Expectation) -> bool:
    return any(closed.code == gap.code and closed.level >= gap.level for closed in module.closes)
