"""How many confirmations a person may still give: a cap for 7 days, so that each is read with care."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BigIntegerField, F, Min
from django.db.models.functions import Coalesce

from workforce.models import User

from .models import VerificationAct

A_WEEK = timedelta(days=7)


def next_confirmation(verifier: User, at: datetime) -> datetime | None:
    """When this person can confirm again; None if they can now."""
    return busy([verifier], at).get(verifier.pk)


def busy(people: Iterable[User], at: datetime) -> dict[int, datetime]:
    """Those of these people who have given as many as they may, with when they can confirm again. One query.

    A team session counts as one, from its first confirmation on. One that was voided on the record does not count.
    """
    cap = settings.VERIFICATIONS_A_WEEK
    if not cap:
        return {}
    given = (
        VerificationAct.objects.filter(
            verifier__in=[person.pk for person in people],
            act=VerificationAct.Act.VERIFY,
            statement__voided_at=None,
            at__gt=at - A_WEEK,
            at__lte=at,
        )
        .annotate(alone_or_session=Coalesce("session_id", -F("pk"), output_field=BigIntegerField()))
        .order_by()
        .values("verifier", "alone_or_session")
        .annotate(first=Min("at"))
        .values_list("verifier", "first")
    )
    times: dict[int, list[datetime]] = defaultdict(list)
    for verifier, first in given:
        times[verifier].append(first)
    return {pk: sorted(firsts)[-cap] + A_WEEK for pk, firsts in times.items() if len(firsts) >= cap}


def by_room(people: Iterable[User], at: datetime) -> list[tuple[User, datetime | None]]:
    """These people with when each can confirm again; those with room first, else in their order."""
    people = list(people)
    until = busy(people, at)
    found = [(person, until.get(person.pk)) for person in people]
    return sorted(found, key=lambda one: one[1] is not None)
