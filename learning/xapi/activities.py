"""What it was done with (Data 2.4.4.1): an activity and its definition."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from .actors import check_length
from .errors import Invalid
from .formats import Extensions, Iri, LanguageMap, Name

InteractionType = Literal[
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
]

# Which lists of components go with which kind of interaction.
_COMPONENTS = {
    "choices": {"choice", "sequencing"},
    "scale": {"likert"},
    "source": {"matching"},
    "target": {"matching"},
    "steps": {"performance"},
}


class Component(Struct, forbid_unknown_fields=True, gc=False):
    id: Name
    description: LanguageMap | UnsetType = UNSET


class Definition(Struct, forbid_unknown_fields=True, gc=False):
    name: LanguageMap | UnsetType = UNSET
    description: LanguageMap | UnsetType = UNSET
    type: Iri | UnsetType = UNSET
    moreInfo: Iri | UnsetType = UNSET  # noqa: N815
    interactionType: InteractionType | UnsetType = UNSET  # noqa: N815
    correctResponsesPattern: list[str] | UnsetType = UNSET  # noqa: N815
    choices: list[Component] | UnsetType = UNSET
    scale: list[Component] | UnsetType = UNSET
    source: list[Component] | UnsetType = UNSET
    target: list[Component] | UnsetType = UNSET
    steps: list[Component] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.interactionType is UNSET and self.correctResponsesPattern is not UNSET:
            raise Invalid("interactionType", "is needed beside correctResponsesPattern")
        if (
            self.choices is not UNSET
            or self.scale is not UNSET
            or self.source is not UNSET
            or self.target is not UNSET
            or self.steps is not UNSET
        ):
            self._check_components()

    def _check_components(self) -> None:
        for name, kinds in _COMPONENTS.items():
            components: list[Component] | UnsetType = getattr(self, name)
            if components is UNSET:
                continue
            if self.interactionType not in kinds:
                raise Invalid(name, f"is allowed only where interactionType is {' or '.join(sorted(kinds))}")
            if len({component.id for component in components or ()}) < len(components or ()):
                raise Invalid(name, "must give each component an id of its own")


class Activity(Struct, forbid_unknown_fields=True, gc=False):
    id: Iri
    objectType: Literal["Activity"] | UnsetType = UNSET  # noqa: N815
    definition: Definition | UnsetType = UNSET

    def __post_init__(self) -> None:
        check_length("id", self.id)
