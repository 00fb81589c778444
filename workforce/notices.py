"""The one outbox for mail: what is to be told is written down with what happened, and claimed before it is mailed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from workforce.models import Notice, NoticeChoice, User

# News that nobody could be told for so long is no news any more: they have seen it on their page.
STALE_AFTER = timedelta(days=7)


@transaction.atomic
def notify(*, user: User, key: str, kind: str, about: UUID, at: datetime) -> None:
    """Tell a person something once: with the same key nothing is added."""
    Notice.objects.bulk_create(
        [Notice(user=user, key=key, kind=kind, about=about, due=at)], ignore_conflicts=True
    )


def people_to_notify(at: datetime) -> list[int]:
    """Those who have something to be told and want to be. One query."""
    waiting = (
        Notice.objects.filter(
            sent_at=None,
            due__lte=at,
            due__gt=at - STALE_AFTER,
            user__is_active=True,
            user__email__isnull=False,
        )
        .exclude(user__notice_choice__choice=NoticeChoice.Choice.NONE)
        .order_by("user")
    )
    return list(waiting.values_list("user", flat=True).distinct())


@transaction.atomic
def claim_notices(*, user_id: int, at: datetime) -> list[Notice]:
    """Write down that a person's notices are mailed, before they are. Whoever comes at the same time gets none."""
    waiting = Notice.objects.filter(user=user_id, sent_at=None, due__lte=at, due__gt=at - STALE_AFTER)
    claimed = list(waiting.select_for_update(skip_locked=True))
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(sent_at=at)
    return claimed


@transaction.atomic
def release_notices(*, notices: Iterable[Notice]) -> None:
    """Take a claim back, where it is certain that nothing was mailed."""
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=None)


@transaction.atomic
def choose_notices(*, user: User, choice: str) -> None:
    """Whether the person wants mails about practice, from now on."""
    NoticeChoice.objects.update_or_create(user=user, defaults={"choice": choice})


def notice_choice(user: User) -> str:
    chosen = NoticeChoice.objects.filter(user=user).values_list("choice", flat=True).first()
    return chosen or NoticeChoice.Choice.SOON
