"""A person lets a program in, and ends that."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning.secrets import digest_of
from workforce.models import User

from ..models import AccessToken
from ..models.access import MOST_DAYS
from .queries import tokens_in_force

MOST_TOKENS = 10
# So that a person, and programs that look for lost secrets, know what it is.
PREFIX = "ptl_"


@transaction.atomic
def make_token(
    *, user: User, name: str, may: str, days: int, at: datetime | None = None
) -> tuple[AccessToken, str]:
    """A token and its secret, which is shown this once and kept nowhere. Raises ValidationError."""
    at = at or timezone.now()
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"A token lasts from 1 to {MOST_DAYS} days.")
    # Two at once would otherwise both find room for one more.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if tokens_in_force(at).filter(user=user).count() >= MOST_TOKENS:
        raise ValidationError(f"You have {MOST_TOKENS} tokens. End one that you no longer need first.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken(
        user=user,
        name=name.strip(),
        may=may,
        digest=digest_of(secret),
        made_at=at,
        ends_at=at + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    return token, secret


@transaction.atomic
def end_token(*, token: AccessToken, by: User, at: datetime | None = None) -> None:
    """The person closes it at once."""
    if token.user_id != by.pk:
        raise ValidationError("Only the person who made this can end it.")
    AccessToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at or timezone.now())


def note_use(*, token: AccessToken, at: datetime) -> None:
    """Remember the day of last use: one write a day, however often a program asks."""
    today = timezone.localdate(at)
    if token.last_used != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used=today)
