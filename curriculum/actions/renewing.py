"""A person renews what ends or has lapsed by a part of a module: its check, or one new piece of practice."""

from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import User

from ..models import Attempt
from ..renewal_roads import ending_or_lapsed, renewal_roads


@transaction.atomic
def start_renewal(*, user: User, capability_code: str, at: datetime | None = None) -> Attempt:
    """Begin the short road for a capability, at the newest version of its module; one that is open goes on instead.

    Its registration is its own, so its statements are new ones. Raises ValidationError where nothing ends.
    """
    at = at or timezone.now()
    found = [e for e in ending_or_lapsed(user, timezone.localdate(at)) if e.code == capability_code]
    road = next((road for _, road in renewal_roads(user, found) if road), None)
    if road is None:
        raise ValidationError("There is nothing to renew here today, or no short way to do it.")
    attempt, _ = Attempt.objects.get_or_create(
        user=user,
        module_key=road.version.module_key,
        kind=road.kind,
        activity_key=road.activity.key if road.activity else None,
        finished_at=None,
        defaults={"version": road.version, "registration": uuid4(), "started_at": at},
    )
    return attempt
