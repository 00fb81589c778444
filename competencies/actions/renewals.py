"""Telling people that something they hold ends: once for each stage, and in one digest a week at most."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from workforce.models import User
from workforce.models.ranges import during

from ..models import ReminderChoice, RenewalDigest, RenewalReminder
from ..queries.renewals import Ending

A_WEEK = timedelta(days=7)


def claim_digest(*, user_id: int, endings: Collection[Ending], on: date) -> RenewalDigest | None:
    """Write down that these endings are told to the person, before they are; None if it may not be done now.

    The database refuses a second digest in a week and a second line of the same stage, so whoever comes later,
    or comes back after a crash, is told no.
    """
    try:
        with transaction.atomic():
            digest = RenewalDigest.objects.create(user_id=user_id, during=during(on, on + A_WEEK))
            RenewalReminder.objects.bulk_create(
                RenewalReminder(
                    digest=digest,
                    user_id=user_id,
                    capability_id=ending.capability_id,
                    level=ending.level,
                    ends=ending.ends,
                    stage=ending.stage,
                )
                for ending in endings
            )
    except IntegrityError:
        return None
    return digest


@transaction.atomic
def release_digest(*, digest: RenewalDigest) -> None:
    """Take a claim back, where it is certain that nothing was mailed."""
    digest.delete()


@transaction.atomic
def choose_reminders(*, user: User, choice: str) -> None:
    """How the person wants to hear of what ends, from now on."""
    ReminderChoice.objects.update_or_create(user=user, defaults={"choice": choice})
