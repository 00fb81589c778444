"""Lists are paged by the key of the last item, so that nothing is missed or told twice while rows come and go."""

from collections.abc import Callable
from itertools import islice
from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Query

MOST = 100
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Row = TypeVar("Row", bound=Model)


def page(
    request: HttpRequest, rows: "QuerySet[Row]", limit: int, key: Callable[[Row], str]
) -> tuple[list[Row], str | None]:
    """The first rows, and the address of the page after them, if there is one."""
    found = list(rows[: limit + 1])
    shown = list(islice(found, limit))
    if len(found) <= limit:
        return shown, None
    asked = request.GET.copy()
    asked["after"] = key(shown[-1])
    return shown, request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
