"""Are evidence and holdings what the record gives? Looked at without changing anything."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from workforce.models import User

from ..models import Evidence, Holding
from .evidence import PEOPLE_AT_A_TIME, award_evidence

_EVIDENCE = (
    "user",
    "capability",
    "level",
    "statement",
    "achieved",
    "expires",
    "recorded_at",
    "withdrawn_at",
)
_HOLDINGS = ("user", "capability", "level", "during")
Rows = dict[int, Counter[tuple[str, tuple[object, ...]]]]


def people_unlike_the_record() -> list[int]:
    """Ids of the people whose evidence or holdings a rebuild would change.

    It is derived anew, compared and taken back, some people at a time, so that others wait for seconds at most.
    """
    people = list(
        User.objects.filter(Q(actors__isnull=False) | Q(evidence__isnull=False) | Q(holdings__isnull=False))
        .order_by("pk")
        .distinct()
        .values_list("pk", flat=True)
    )
    found: list[int] = []
    for start in range(0, len(people), PEOPLE_AT_A_TIME):
        found += _unlike(people[start : start + PEOPLE_AT_A_TIME])
    return found


def _unlike(users: Sequence[int]) -> list[int]:
    with transaction.atomic():
        # Locked as award_evidence locks them, so that nothing is awarded between the two looks.
        list(
            User.objects.select_for_update(no_key=True).filter(pk__in=users).order_by("pk").values_list("pk")
        )
        before = _rows(users)
        Holding.objects.filter(user__in=users).delete()
        Evidence.objects.filter(user__in=users).delete()
        award_evidence(users=users)
        after = _rows(users)
        transaction.set_rollback(True)
    return [user for user in users if before[user] != after[user]]


def _rows(users: Sequence[int]) -> Rows:
    """Every column but the primary key, for each person."""
    found: Rows = defaultdict(Counter)
    for row in Evidence.objects.filter(user__in=users).values_list(*_EVIDENCE):
        found[row[0]]["evidence", row] += 1
    for row in Holding.objects.filter(user__in=users).values_list(*_HOLDINGS):
        found[row[0]]["holding", row] += 1
    return found
