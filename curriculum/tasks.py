"""Background work of the curriculum."""

from celery import shared_task
from django.utils import timezone

from .renewals import send_renewal_digests


@shared_task
def remind_of_renewals() -> int:
    return send_renewal_digests(on=timezone.localdate())
