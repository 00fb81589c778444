"""What gives it meaning (Data 2.4.6): the context, with the agents and groups that xAPI 2.0 adds to it."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from .activities import Activity
from .actors import Actor
from .errors import Invalid
from .formats import Extensions, Iri, Language, Uuid

RelevantTypes = Annotated[list[Iri], Meta(min_length=1)]


class StatementRef(Struct, forbid_unknown_fields=True, gc=False):
    """Another statement, by its id (Data 2.4.4.3). Nobody asks that it is here."""

    objectType: Literal["StatementRef"]  # noqa: N815
    id: Uuid


class ContextActivities(Struct, forbid_unknown_fields=True, gc=False):
    parent: list[Activity] | Activity | UnsetType = UNSET
    grouping: list[Activity] | Activity | UnsetType = UNSET
    category: list[Activity] | Activity | UnsetType = UNSET
    other: list[Activity] | Activity | UnsetType = UNSET


class ContextAgent(Struct, forbid_unknown_fields=True, gc=False):
    """xAPI 2.0: somebody else who mattered, and how."""

    objectType: Literal["contextAgent"]  # noqa: N815
    agent: Actor
    relevantTypes: RelevantTypes | UnsetType = UNSET  # noqa: N815

    def __post_init__(self) -> None:
        if self.agent.is_group:
            raise Invalid("agent.objectType", "must be Agent; a group belongs in contextGroups")


class ContextGroup(Struct, forbid_unknown_fields=True, gc=False):
    """xAPI 2.0: a group that mattered, and how."""

    objectType: Literal["contextGroup"]  # noqa: N815
    group: Actor
    relevantTypes: RelevantTypes | UnsetType = UNSET  # noqa: N815

    def __post_init__(self) -> None:
        if not self.group.is_group:
            raise Invalid("group.objectType", "must be Group")


class Context(Struct, forbid_unknown_fields=True, gc=False):
    registration: Uuid | UnsetType = UNSET
    instructor: Actor | UnsetType = UNSET
    team: Actor | UnsetType = UNSET
    contextActivities: ContextActivities | UnsetType = UNSET  # noqa: N815
    contextAgents: list[ContextAgent] | UnsetType = UNSET  # noqa: N815
    contextGroups: list[ContextGroup] | UnsetType = UNSET  # noqa: N815
    revision: str | UnsetType = UNSET
    platform: str | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    statement: StatementRef | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.team and not self.team.is_group:
            raise Invalid("team.objectType", "must be Group")
