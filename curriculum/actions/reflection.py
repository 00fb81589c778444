"""A person writes for themself and deletes it again. No statement is made, and no history is kept."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import User

from ..models import Reflection


@transaction.atomic
def write_reflection(*, user: User, number: int, text: str, at: datetime | None = None) -> Reflection:
    """Put this text in the place of what the person wrote to the question before. ValidationError if it is empty."""
    if not text.strip():
        raise ValidationError("Write something first. To take away what you wrote before, delete it.")
    reflection, _ = Reflection.objects.update_or_create(
        user=user, number=number, defaults={"text": text.strip(), "changed_at": at or timezone.now()}
    )
    return reflection


@transaction.atomic
def delete_reflection(*, user: User, number: int | None = None) -> None:
    """Delete for good what the person wrote to one question, or to all of them."""
    mine = Reflection.objects.filter(user=user)
    (mine if number is None else mine.filter(number=number)).delete()
