"""Background work of the curriculum."""

from celery import shared_task
from django.utils import timezone

from .notices import send_practice_notices
from .renewals import send_renewal_digests


@shared_task
def remind_of_renewals() -> int:
    return send_renewal_digests(on=timezone.localdate())


@shared_task
def tell_of_practice() -> int:
    return send_practice_notices(at=timezone.now())
