"""Statements and statements within statements (Data 2.4), as structures that cannot be built wrong."""

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from .activities import Activity
from .actors import LONGEST, Actor
from .errors import Invalid
from .formats import (
    IN_WORDS,
    Duration,
    Extensions,
    Iri,
    Language,
    LanguageMap,
    MediaType,
    Sha2,
    Uuid,
    Version,
    instant,
)

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
# Parts of a context that say something about an activity, and so need one.
_OF_AN_ACTIVITY = ("revision", "platform")

T = TypeVar("T")


class Verb(Struct, forbid_unknown_fields=True):
    id: Iri
    display: LanguageMap | UnsetType = UNSET

    def __post_init__(self) -> None:
        if len(self.id.encode()) > LONGEST:
            raise Invalid("id", f"must be no longer than {LONGEST} bytes")


class StatementRef(Struct, forbid_unknown_fields=True):
    objectType: Literal["StatementRef"]  # noqa: N815
    id: Uuid


class Score(Struct, forbid_unknown_fields=True):
    scaled: Annotated[float, Meta(ge=-1, le=1)] | UnsetType = UNSET
    raw: float | UnsetType = UNSET
    min: float | UnsetType = UNSET
    max: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        low = float("-inf") if self.min is UNSET else self.min
        high = float("inf") if self.max is UNSET else self.max
        if low >= high:
            raise Invalid("min", "must be less than max")
        if self.raw is not UNSET and not low <= self.raw <= high:
            raise Invalid("raw", "must lie between min and max")


class Result(Struct, forbid_unknown_fields=True):
    score: Score | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: str | UnsetType = UNSET
    duration: Duration | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET


class ContextActivities(Struct, forbid_unknown_fields=True):
    parent: list[Activity] | Activity | UnsetType = UNSET
    grouping: list[Activity] | Activity | UnsetType = UNSET
    category: list[Activity] | Activity | UnsetType = UNSET
    other: list[Activity] | Activity | UnsetType = UNSET


class ContextAgent(Struct, forbid_unknown_fields=True):
    """xAPI 2.0: somebody else who mattered, and how."""

    agent: Actor
    objectType: Literal["contextAgent"] = "contextAgent"  # noqa: N815
    relevantTypes: Annotated[list[Iri], Meta(min_length=1)] | UnsetType = UNSET  # noqa: N815


class ContextGroup(Struct, forbid_unknown_fields=True):
    """xAPI 2.0: a group that mattered, and how."""

    group: Actor
    objectType: Literal["contextGroup"] = "contextGroup"  # noqa: N815
    relevantTypes: Annotated[list[Iri], Meta(min_length=1)] | UnsetType = UNSET  # noqa: N815

    def __post_init__(self) -> None:
        if self.group.objectType != "Group":
            raise Invalid("group.objectType", "must be Group")


class Context(Struct, forbid_unknown_fields=True):
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
        if self.team and self.team.objectType != "Group":
            raise Invalid("team.objectType", "must be Group")


class Attachment(Struct, forbid_unknown_fields=True):
    usageType: Iri  # noqa: N815
    display: LanguageMap
    contentType: MediaType  # noqa: N815
    length: Annotated[int, Meta(ge=0)]
    sha2: Sha2
    description: LanguageMap | UnsetType = UNSET
    fileUrl: Iri | UnsetType = UNSET  # noqa: N815

    def __post_init__(self) -> None:
        if self.fileUrl is UNSET:
            raise Invalid("fileUrl", "is needed: this record keeps no attached files, only where they are")


class _Said(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a statement and a statement within a statement share."""

    actor: Actor
    verb: Verb
    object: Any
    result: Result | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    attachments: list[Attachment] | UnsetType = UNSET

    def __post_init__(self) -> None:
        self.object = self._read_object()
        if self.timestamp is not UNSET:
            _check_instant("timestamp", self.timestamp)
        if self.verb.id == VOIDED and not isinstance(self.object, StatementRef):
            raise Invalid("object.objectType", "must be StatementRef where the verb is voided")
        if self.context and not isinstance(self.object, Activity):
            for name in _OF_AN_ACTIVITY:
                if getattr(self.context, name) is not UNSET:
                    raise Invalid(f"context.{name}", "is allowed only where the object is an activity")

    def _read_object(self) -> Any:
        if not isinstance(self.object, dict):
            raise Invalid("object", "must be an object")
        kind = self.object.get("objectType", "Activity")
        if not isinstance(kind, str) or kind not in self._kinds():
            raise Invalid("object.objectType", f"must be one of {', '.join(self._kinds())}")
        try:
            return shaped(self.object, self._kinds()[kind])
        except Invalid as fault:
            raise fault.under("object") from None

    @staticmethod
    def _kinds() -> dict[str, type]:
        return {"Activity": Activity, "Agent": Actor, "Group": Actor, "StatementRef": StatementRef}


class SubStatement(_Said, forbid_unknown_fields=True, kw_only=True):
    objectType: Literal["SubStatement"]  # noqa: N815


class Statement(_Said, forbid_unknown_fields=True, kw_only=True):
    id: Uuid | UnsetType = UNSET
    stored: str | UnsetType = UNSET
    authority: Actor | UnsetType = UNSET
    version: Version | UnsetType = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stored is not UNSET:
            _check_instant("stored", self.stored)
        if self.authority and self.authority.objectType == "Group":
            self._check_authority(self.authority)

    @staticmethod
    def _kinds() -> dict[str, type]:
        return {**_Said._kinds(), "SubStatement": SubStatement}

    def _check_authority(self, group: Actor) -> None:
        """Data 2.4.9: an application and a user together, in three-legged OAuth."""
        if group.key or len(group.member or []) != 2:
            raise Invalid("authority", "a group must have no identifier and two members")


def shaped(value: Any, kind: type[T]) -> T:
    """`value` as `kind`. Raises Invalid, whose path starts at `value`."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _in_words(error) from None


def _in_words(error: msgspec.ValidationError) -> Invalid:
    what, _, where = str(error).partition(" - at ")
    if where.startswith("`key` in"):
        what, where = what + " for each of its keys", where.removeprefix("`key` in ")
    path = where.strip("`").removeprefix("$").removeprefix(".")
    if isinstance(error.__cause__, Invalid):
        return error.__cause__.under(path)
    quoted = what.split("`")
    if what.startswith("Object missing required field"):
        return Invalid(quoted[1], "is missing").under(path)
    if what.startswith("Object contains unknown field"):
        return Invalid(quoted[1], "is not a property of the specification here").under(path)
    for pattern, words in IN_WORDS.items():
        if repr(pattern) in what or pattern in what:
            return Invalid(path, words + (", as must its keys" if "keys" in what else ""))
    return Invalid(path, what[0].lower() + what[1:].replace("`", ""))


def _check_instant(name: str, text: str) -> None:
    try:
        instant(text)
    except Invalid as fault:
        raise fault.under(name) from None
