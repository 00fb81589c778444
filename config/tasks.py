"""Background work that belongs to no room."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone


@shared_task
def forget_ended_sessions() -> int:
    """Delete the sessions that have ended; returns how many. What a person answered is kept elsewhere."""
    deleted, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted
