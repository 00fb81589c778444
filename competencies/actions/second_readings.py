"""A second person reads what was confirmed. Nothing that was awarded changes by it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import User

from ..calibration import second_reader
from ..models import Practice, SecondReading, VerificationAct
from .telling import tell_second_reader


@transaction.atomic
def ask_second_reader(*, act: VerificationAct) -> SecondReading | None:
    """Ask somebody to read a confirmation again; None where nobody else may."""
    reader = second_reader(act)
    if reader is None:
        return None
    reading = SecondReading.objects.create(
        act=act, owner_id=act.owner_id, verifier_id=act.verifier_id, reader=reader, asked_at=act.at
    )
    tell_second_reader(reading)
    return reading


@transaction.atomic
def give_second_reading(
    *, reading: SecondReading, by: User, verdict: str, words: str = "", at: datetime | None = None
) -> SecondReading:
    """The second reader says whether they would confirm it."""
    reading = SecondReading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if reading.reader_id != by.pk:
        raise ValidationError("This is not with you. Look at your list for what waits for you.")
    if reading.verdict:
        raise ValidationError("You have answered this before.")
    reading.verdict, reading.words, reading.read_at = verdict, words.strip(), at or timezone.now()
    reading.full_clean()
    reading.save(update_fields=["verdict", "words", "read_at"])
    return reading


@transaction.atomic
def erase_readings(*, practice: Practice) -> None:
    """Where the owner has deleted their words, nobody reads them any more, and words about them go too."""
    readings = SecondReading.objects.filter(act__practice=practice)
    readings.filter(verdict="").delete()
    readings.update(words="")
