"""Statements and statements within statements (Data 2.4), as structures that cannot be built wrong."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from .activities import Activity
from .actors import Actor, check_length
from .contexts import Context, StatementRef
from .errors import Invalid
from .formats import Iri, LanguageMap, MediaType, Sha2, Uuid, VersionNumber
from .results import Result
from .shapes import in_words

__all__ = ["VOIDED", "Activity", "Actor", "Attachment", "Statement", "StatementRef", "SubStatement", "Verb"]

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

if TYPE_CHECKING:
    Thing: TypeAlias = "Activity | Actor | StatementRef | SubStatement"
else:
    # What an object is read as depends on its objectType, which may be missing: so its text is kept at first.
    Thing = msgspec.Raw


class Verb(Struct, forbid_unknown_fields=True, gc=False):
    id: Iri
    display: LanguageMap | UnsetType = UNSET

    def __post_init__(self) -> None:
        check_length("id", self.id)


class Attachment(Struct, forbid_unknown_fields=True, gc=False):
    """Data 2.4.11. Whether its file came along, or is to be found at fileUrl, the request as a whole shows."""

    usageType: Iri  # noqa: N815
    display: LanguageMap
    contentType: MediaType  # noqa: N815
    length: Annotated[int, Meta(ge=0)]
    sha2: Sha2
    description: LanguageMap | UnsetType = UNSET
    fileUrl: Iri | UnsetType = UNSET  # noqa: N815


class _Said(Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What a statement and a statement within a statement share."""

    actor: Actor
    verb: Verb
    object: Thing
    result: Result | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    attachments: list[Attachment] | UnsetType = UNSET

    def __post_init__(self) -> None:
        thing = self.object = self._read_object(self.object)
        if type(thing) is Activity:
            if self.verb.id == VOIDED:
                raise Invalid("object.objectType", "must be StatementRef where the verb is voided")
        else:
            self._check_beside(thing)

    def _check_beside(self, thing: Thing) -> None:
        if self.verb.id == VOIDED and not isinstance(thing, StatementRef):
            raise Invalid("object.objectType", "must be StatementRef where the verb is voided")
        if self.context and (self.context.revision is not UNSET or self.context.platform is not UNSET):
            name = "platform" if self.context.revision is UNSET else "revision"
            raise Invalid(f"context.{name}", "is allowed only where the object is an activity")

    def _read_object(self, text: Any) -> "Thing":
        """Nearly always an activity: so that is tried first."""
        try:
            return _ACTIVITY.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return self._read_other(text)

    def _read_other(self, text: Any) -> "Thing":
        kinds = self._kinds()
        try:
            kind = _TYPED.decode(text).objectType
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Invalid("object", "must be an object") from None
        if not isinstance(kind, str) or kind not in kinds:
            raise Invalid("object.objectType", f"must be one of {', '.join(kinds)}")
        try:
            return kinds[kind].decode(text)
        except msgspec.MsgspecError as error:
            raise in_words(error).under("object") from None

    @staticmethod
    def _kinds() -> "dict[str, msgspec.json.Decoder[Any]]":
        return _KINDS


class SubStatement(_Said, forbid_unknown_fields=True, kw_only=True, gc=False):
    objectType: Literal["SubStatement"]  # noqa: N815


class Statement(_Said, forbid_unknown_fields=True, kw_only=True, gc=False):
    id: Uuid | UnsetType = UNSET
    stored: str | UnsetType = UNSET
    authority: Actor | UnsetType = UNSET
    version: VersionNumber | UnsetType = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.authority and self.authority.is_group:
            self._check_authority(self.authority)

    @staticmethod
    def _kinds() -> "dict[str, msgspec.json.Decoder[Any]]":
        return _STATEMENT_KINDS

    def _check_authority(self, group: Actor) -> None:
        """Data 2.4.9: an application and a user together, in three-legged OAuth."""
        if group.key or len(group.member or []) != 2:
            raise Invalid("authority", "a group must have no identifier and two members")


class _Typed(Struct):
    objectType: Any = "Activity"  # noqa: N815


_TYPED = msgspec.json.Decoder(_Typed)
_ACTIVITY = msgspec.json.Decoder(Activity)
_ACTOR = msgspec.json.Decoder(Actor)
_KINDS: dict[str, msgspec.json.Decoder[Any]] = {
    "Activity": _ACTIVITY,
    "Agent": _ACTOR,
    "Group": _ACTOR,
    "StatementRef": msgspec.json.Decoder(StatementRef),
}
_STATEMENT_KINDS = {**_KINDS, "SubStatement": msgspec.json.Decoder(SubStatement)}
