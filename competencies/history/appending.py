"""Append what became of what people hold, by comparing it with what was appended before.

It is done afterwards and by itself, so that storing a statement pays nothing for it. Nothing depends on it.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from learning import verbs
from workforce.models import User

_APPEND = (Path(__file__).parent / "append.sql").read_text(encoding="utf-8")
PEOPLE_AT_A_TIME = 2000


def append_acts(*, on: date | None = None) -> int:
    """Append everything that is true by the day and was not appended yet, some people at a time; returns how many."""
    on = on or timezone.localdate()
    appended, last = 0, 0
    while users := _people_after(last):
        appended += _append(users, on)
        last = users[-1]
    return appended


def _people_after(last: int) -> Sequence[int]:
    people = User.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
    return list(people[:PEOPLE_AT_A_TIME])


@transaction.atomic
def _append(users: Sequence[int], on: date) -> int:
    zone, conferred = settings.TIME_ZONE, verbs.CONFERRED
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, {"users": list(users), "on": on, "zone": zone, "conferred": conferred})
        return int(cursor.rowcount)
