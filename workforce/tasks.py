"""Background work on who works where."""

from celery import shared_task
from django.utils import timezone

from workforce.imports.uploads import KEPT, forget_uploads


@shared_task
def forget_staff_uploads() -> int:
    """Delete the staff lists that nobody confirmed within a day; returns how many."""
    return forget_uploads(before=timezone.now() - KEPT)
