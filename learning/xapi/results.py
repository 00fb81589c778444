"""What came of it (Data 2.4.5): the result and its score."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from .errors import Invalid
from .formats import Duration, Extensions


class Score(Struct, forbid_unknown_fields=True, gc=False):
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


class Result(Struct, forbid_unknown_fields=True, gc=False):
    score: Score | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: str | UnsetType = UNSET
    duration: Duration | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET
