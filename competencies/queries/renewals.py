"""What ends soon and nothing else holds up, what still holds after that, and who is still to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest

from workforce.models import User

from ..models import Edition, EditionCapability, Holding, ReminderChoice, RenewalDigest, RenewalReminder

SOON, NEAR, ENDED = 90, 30, 0
# An end waits for the person's next weekly digest, and for a worker that was away.
STILL_NEWS = timedelta(days=14)


@dataclass(frozen=True)
class Ending:
    """A level that is held until the day before `ends`, and the level that is held from then on (0 is none)."""

    user_id: int
    capability_id: int
    code: str
    name: str
    level: int
    ends: date
    stage: int
    then_level: int
    then_until: date | None

    @property
    def has_ended(self) -> bool:
        return self.stage == ENDED


def endings(user: User, on: date) -> list[Ending]:
    """What of a person's holdings ends within 90 days or has ended in the last 14, soonest first. One query."""
    return _endings(_ending(on).filter(user=user))


def people_to_remind(on: date) -> list[int]:
    """Who is to get a digest on the day: something is new to them, and a week has passed since the last."""
    return list(_untold(on).order_by("user").values_list("user", flat=True).distinct())


def untold_endings(users: Collection[int], on: date) -> list[Ending]:
    """What is new to these people on the day. One query."""
    return _endings(_untold(on).filter(user__in=users))


def reminder_choice(user: User) -> str:
    chosen = ReminderChoice.objects.filter(user=user).values_list("choice", flat=True).first()
    return chosen or ReminderChoice.Choice.DIGEST


def _ending(on: date) -> QuerySet[Holding]:
    """Holdings near their end, unless the same level or a higher one is held on the day of the end (or today)."""
    as_high = Holding.objects.filter(
        user=OuterRef("user"),
        capability=OuterRef("capability"),
        level__gte=OuterRef("level"),
        during__contains=OuterRef("day"),
    )
    return Holding.objects.annotate(
        ends=F("during__endswith"),
        day=Greatest(F("during__endswith"), Value(on), output_field=DateField()),
        stage=Case(
            When(during__endswith__lte=on, then=ENDED),
            When(during__endswith__lte=on + timedelta(days=NEAR), then=NEAR),
            default=SOON,
        ),
    ).filter(
        ~Exists(as_high),
        during__startswith__lte=on,
        during__endswith__gt=on - STILL_NEWS,
        during__endswith__lte=on + timedelta(days=SOON),
    )


def _untold(on: date) -> QuerySet[Holding]:
    told = RenewalReminder.objects.filter(
        user=OuterRef("user"),
        capability=OuterRef("capability"),
        level=OuterRef("level"),
        ends=OuterRef("ends"),
        stage=OuterRef("stage"),
    )
    this_week = RenewalDigest.objects.filter(user=OuterRef("user"), during__contains=on)
    chose = ReminderChoice.objects.filter(user=OuterRef("user"))
    return _ending(on).filter(
        ~Exists(told),
        ~Exists(this_week),
        ~Exists(chose.filter(choice=ReminderChoice.Choice.NONE)),
        Q(stage=ENDED) | ~Exists(chose.filter(choice=ReminderChoice.Choice.ENDED)),
        user__is_active=True,
        user__email__isnull=False,
    )


def _endings(ending: QuerySet[Any]) -> list[Ending]:
    newest = EditionCapability.objects.filter(
        capability=OuterRef("capability"), edition__state__in=Edition.ISSUED
    ).order_by("-edition__dated")
    then = Holding.objects.filter(
        user=OuterRef("user"), capability=OuterRef("capability"), during__contains=OuterRef("day")
    )
    rows = (
        ending.annotate(
            name=Subquery(newest.values("name")[:1]),
            then_level=Subquery(then.values("level")[:1]),
            then_until=Subquery(then.values("during__endswith")[:1]),
        )
        .order_by("user", "ends", "pk")
        .values_list(
            "user",
            "capability",
            "capability__code",
            "name",
            "level",
            "ends",
            "stage",
            "then_level",
            "then_until",
        )
    )
    return [
        Ending(user, capability, code, name or code, level, ends, stage, then_level or 0, then_until)
        for user, capability, code, name, level, ends, stage, then_level, then_until in rows
    ]
