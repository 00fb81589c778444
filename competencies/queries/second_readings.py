"""Second readings as their reader and the first person see them."""

from django.db.models import Q, QuerySet

from workforce.models import User

from ..models import SecondReading, VerificationAct


def readings_for(reader: User) -> QuerySet[SecondReading]:
    """What waits for a second reader; a confirmation that was voided since needs none."""
    return SecondReading.objects.filter(
        reader=reader, verdict="", act__statement__voided_at=None
    ).select_related("act__practice", "owner")


def reading_of(reader: User, number: int) -> SecondReading | None:
    """One reading, for its reader alone."""
    found = SecondReading.objects.filter(reader=reader, pk=number, act__statement__voided_at=None)
    return found.select_related("act__practice__owner", "owner").first()


def answered_reading(act: VerificationAct) -> SecondReading | None:
    """What the second reader said of a confirmation."""
    return SecondReading.objects.filter(~Q(verdict=""), act=act).first()
