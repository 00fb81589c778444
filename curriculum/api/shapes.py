"""What answers and questions look like, on top of those of the room below."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from competencies.api.shapes import ANYTHING, Asked, CapabilityRef, Key, Person

from ..actions.practice import LONGEST_ANSWER

LongWords = Annotated[str, StringConstraints(max_length=LONGEST_ANSWER, pattern=ANYTHING)]


class EvidenceShape(Schema):
    """One thing that the record shows of a capability."""

    level: int = Field(ge=1, le=4)
    verb: str = Field(description="The verb of the statement, as an IRI.")
    title: str = Field(description="What was done, as far as the record names it.")
    achieved: date
    ends: date | None = Field(description="The first day on which it no longer counts; null has no end.")
    confirmed_by: str = Field(description="Who confirmed it, where it is practice.")
    recorded_by: str = Field(description="The other system that recorded it, if one did.")


class HeldShape(Schema):
    capability: CapabilityRef
    level: int = Field(ge=1, le=4)
    since: date
    until: date | None = Field(description="The first day on which it is no longer held; null has no end.")
    evidence: list[EvidenceShape]


class ModuleShape(Schema):
    key: str = Field(description="What people call it, such as FR-1.")
    title: str
    href: str
    can_start: bool = Field(description="False while it is in preparation.")


class ExpectedShape(Schema):
    """One thing that one of your tiers expects of you."""

    tier: str
    capability: CapabilityRef
    level: int = Field(ge=1, le=4)
    held: int = Field(ge=0, le=4, description="The level that you hold today; 0 is none.")
    met: bool
    local_to: str = Field(
        description="The organisation that asks this on top of its edition; empty for what the edition asks."
    )
    due: date | None = Field(
        description="From which day it counts as missing. Null where it is met, and for patient representatives."
    )
    closed_by: list[ModuleShape] = Field(description="Modules that close the gap, or else narrow it.")
    needs_practice: bool = Field(description="Only practice that a person confirms closes it.")


class CapabilitiesShape(Schema):
    on: date
    held: list[HeldShape]
    expected: list[ExpectedShape]


class Me(Schema):
    id: UUID
    name: str
    may: Annotated[str, Field(description="What this token may do: read, or verify (read and act).")]
    ends: date | None = Field(description="The day on which this token ends; null if you came without one.")


class PromptShape(Schema):
    capability: CapabilityRef
    level: int = Field(ge=1, le=4)
    prompt: str
    optional: str = Field(description="For whom this is, where it is not for everybody; else empty.")


class ToPutForward(Schema):
    """Practice of a module that you are in the middle of."""

    registration: UUID
    activity: UUID
    title: str
    module: str
    confirmed_by: str = Field(description="Who should confirm it, as its authors say; may be empty.")
    href: str
    prompts: list[PromptShape]


class ToPutForwardList(Schema):
    items: list[ToPutForward]


class PersonList(Schema):
    items: list[Person]


class AnswerToPrompt(Asked):
    capability: Key = Field(description="The code of the capability that the prompt is for.")
    text: LongWords = Field(description="Leave out names, and anything that could tell who a patient is.")


class PutForward(Asked):
    verifier: UUID = Field(description="The id of one of “verifiers”.")
    answers: Annotated[list[AnswerToPrompt], Field(min_length=1, max_length=10)]
