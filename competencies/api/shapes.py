"""What answers and questions look like. Names are IRIs, UUIDs and keys, never numbers of rows."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from ..models import Capability
from ..practice_states import State

LONGEST = 2000
# Text that has something in it besides blanks, and no NUL, which PostgreSQL cannot keep.
SOMETHING = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
ANYTHING = r"^[^\u0000]*$"
Words = Annotated[str, StringConstraints(max_length=LONGEST, pattern=SOMETHING)]
MaybeWords = Annotated[str, StringConstraints(max_length=LONGEST, pattern=ANYTHING)]
Key = Annotated[str, StringConstraints(max_length=50, pattern=r"^[-a-zA-Z0-9_]+$")]
StateName = Literal["draft", "waiting", "asked", "withdrawn", "not_yet", "confirmed"]
Next = Annotated[str | None, Field(description="Where the list goes on; null at its end.")]


class Person(Schema):
    id: UUID
    name: str


class CapabilityRef(Schema):
    """A capability by its lasting name. Its code and words are those of an edition."""

    iri: str
    code: str
    name: str


class Claim(Schema):
    capability: CapabilityRef
    level: int = Field(ge=3, le=4)


class ClaimWithWords(Claim):
    prompt: str
    text: str = Field(description="What the person wrote; empty once they have deleted it.")


class Told(Schema):
    """One thing that was asked, answered or handed over."""

    act: Literal["ask", "answer", "pass_on", "move"]
    by: Person
    to: Person = Field(description="Who is asked to confirm it from then on.")
    at: datetime
    words: str


class PracticeInShort(Schema):
    id: UUID
    title: str
    owner: Person
    asked: Person = Field(description="Who is asked to confirm it, or was last.")
    state: StateName
    since: datetime = Field(description="Since when it stands so.")
    claims: list[Claim]


class PracticeInFull(PracticeInShort):
    """Its words are for its owner and the person asked only."""

    claims: list[ClaimWithWords]  # type: ignore[assignment]
    told: list[Told]
    would_make_it_yes: str = Field(description="After “not yet”, what would make it a yes; else empty.")
    may: list[Literal["answer", "withdraw", "move", "verify", "decline", "ask", "pass_on"]] = Field(
        description="What you may do with it now."
    )
    others: list[Person] = Field(description="Who else may confirm it, where it may go to somebody else.")


class PracticePage(Schema):
    items: list[PracticeInShort]
    next: Next


class Asked(Schema):
    """Nothing but what is described is taken, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid")


class Reason(Asked):
    reason: Words = Field(description="What would make it a yes. The person sees your words.")


class Question(Asked):
    question: Words = Field(description="Only the two of you see it. Leave out names.")


class Answer(Asked):
    answer: Words = Field(description="Only the two of you see it. Leave out names.")


class HandOver(Asked):
    to: UUID = Field(description="The id of one of “others”.")


class PassOn(HandOver):
    reason: MaybeWords = Field(default="", description="Why. Its owner and the next one asked see it.")


class LevelShape(Schema):
    number: int = Field(ge=0, le=4)
    label: str
    meaning: str
    evidence: str
    validity_months: int | None = Field(description="How long it is held; null has no end.")


class DomainShape(Schema):
    code: str
    name: str


class CapabilityShape(CapabilityRef):
    domain: str = Field(description="The code of its domain.")
    description: str


class EditionInShort(Schema):
    framework: str = Field(description="The key of the framework.")
    version: str
    dated: date = Field(description="The day from which it holds.")
    href: str


class EditionInFull(EditionInShort):
    title: str
    note: str = Field(description="What readers must know about where it comes from.")
    levels: list[LevelShape]
    domains: list[DomainShape]
    capabilities: list[CapabilityShape]
    requirements: str = Field(description="Where its requirements are.")


class FrameworkShape(Schema):
    key: str
    title: str
    editions: list[EditionInShort] = Field(description="What is published, newest first.")


class FrameworkList(Schema):
    items: list[FrameworkShape]


class RequirementShape(Schema):
    """What a tier, or an added duty (overlay), is expected to hold. Level 0: nothing is expected."""

    tier: str | None
    overlay: str | None
    capability: CapabilityRef
    level: int = Field(ge=0, le=4)
    grace_days: int = Field(description="Days from the start of the clock until it falls due.")
    provenance: Literal["direct", "inferred", "reconstruction"]
    provenance_in_words: str
    sources: list[str]


class RequirementPage(Schema):
    items: list[RequirementShape]
    next: Next


def capability_ref(capability: Capability, names: dict[str, str]) -> CapabilityRef:
    return CapabilityRef(
        iri=capability.iri, code=capability.code, name=names.get(capability.code, capability.code)
    )


STATE_NAMES: dict[State, StateName] = {
    State.DRAFT: "draft",
    State.WAITING: "waiting",
    State.ASKED: "asked",
    State.WITHDRAWN: "withdrawn",
    State.NOT_YET: "not_yet",
    State.CONFIRMED: "confirmed",
}
