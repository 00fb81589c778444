"""Date ranges as this project keeps them: from a day (in) to a day (out), open-ended when there is no end."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, Value
from django.db.models.fields import BigIntegerField


def during(start: date, end: date | None = None) -> DateRange:
    """The half-open range [start, end): true on `start`, no longer true on `end`."""
    return DateRange(start, end, "[)")


class _Same(Func):
    """An id as a range of one, so that GiST can compare it without the btree_gist extension."""

    function = "int8range"
    template = "%(function)s(%(expressions)s)"

    def __init__(self, field: str, **extra: Any) -> None:
        whole = F(field)
        super().__init__(whole, whole, Value("[]"), **extra)
        self.output_field = BigIntegerField()


def no_overlap(name: str, *same: str, message: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with the same ids in `same` may overlap in their field `during`."""
    expressions = [(_Same(field), RangeOperators.OVERLAPS) for field in same]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, ("during", RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )
