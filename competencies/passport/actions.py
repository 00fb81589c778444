"""A person has badges signed and shares a page; whoever runs the service changes the key."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning.actions import actor_for
from learning.secrets import sealed
from workforce.models import User

from ..models import Badge, Share, SigningKey
from ..models.passport import MOST_DAYS_SHARED, PLACES_IN_A_LIST
from . import signing
from .openbadges import Award, credential
from .queries import PassportEntry, kind_of, passport_of, share_digest

# Half of a list stays free, so that a free place is soon found by chance.
BADGES_IN_A_LIST = PLACES_IN_A_LIST // 2


@transaction.atomic
def issue_badges(*, user: User, with_name: bool, at: datetime | None = None) -> list[Badge]:
    """Sign a badge for each thing the person holds today; returns those that are new.

    What was signed before, in the same way, is not signed again.
    """
    at = at or timezone.now()
    # One after another: the key is made once, and no two badges take the same place.
    key = key_in_use(at=at)
    account = f"urn:uuid:{_account(user)}"
    before = set(
        Badge.objects.filter(user=user, is_named=with_name).values_list(
            "statement", "capability", "level", "achieved"
        )
    )
    new = []
    for held in passport_of(user, timezone.localdate(at)):
        award = held.rests_on
        if (award.statement_id, award.capability_id, award.level, award.achieved) not in before:
            new.append(_issue(user, held, account, key, with_name, at))
    return new


def _account(user: User) -> str:
    actor = actor_for(user)["account"]
    assert isinstance(actor, dict)  # noqa: S101 an account, as learning.facts makes it
    return str(actor["name"])


def _issue(
    user: User, held: PassportEntry, account: str, key: SigningKey, with_name: bool, at: datetime
) -> Badge:
    award = held.rests_on
    number, place = _free_place()
    uuid = uuid4()
    content = credential(
        Award(
            badge=uuid,
            account=account,
            name=user.name if with_name else "",
            iri=held.capability.iri,
            code=held.capability.code,
            title=held.wording.name,
            description=held.wording.description,
            framework=held.edition.framework.title,
            edition=held.edition.version,
            level=held.level.number,
            level_label=held.level.label,
            level_meaning=held.level.meaning,
            level_evidence=held.level.evidence,
            evidence=kind_of(award),
            achieved=award.achieved,
            expires=award.expires,
            issued=at,
            status_list=number,
            place=place,
        ),
        signing.issuer(),
    )
    return Badge.objects.create(
        uuid=uuid,
        user=user,
        capability=held.capability,
        level=held.level.number,
        edition=held.edition,
        statement=award.statement,
        achieved=award.achieved,
        expires=award.expires,
        is_named=with_name,
        issued_at=at,
        key=key,
        status_list=number,
        place=place,
        signed=signing.signed(content, key),
    )


def _free_place() -> tuple[int, int]:
    """A place by chance, as neighbours in a list would tell that they belong to one person."""
    number = Badge.objects.count() // BADGES_IN_A_LIST + 1
    while True:
        place = secrets.randbelow(PLACES_IN_A_LIST)
        if not Badge.objects.filter(status_list=number, place=place).exists():
            return number, place


@transaction.atomic
def key_in_use(*, at: datetime) -> SigningKey:
    """The key to sign with, locked. One that can no longer be opened is retired, as its owner lost the secret key."""
    key = SigningKey.objects.select_for_update().filter(retired_at=None).first()
    if key is None:
        return _make_key(at)
    return key if signing.can_sign(key) else change_signing_key(at=at)


def _make_key(at: datetime) -> SigningKey:
    """Of two at once, one makes it and both use it."""
    pair = signing.new_key_pair()
    made = {"public": pair.public, "private": pair.private, "made_at": at}
    return SigningKey.objects.get_or_create(retired_at=None, defaults=made)[0]


@transaction.atomic
def change_signing_key(*, at: datetime | None = None) -> SigningKey:
    """Sign with a fresh key from now on. What older keys signed stays good, as they stay published."""
    at = at or timezone.now()
    SigningKey.objects.filter(retired_at=None).update(retired_at=at)
    return _make_key(at)


@transaction.atomic
def share_page(
    *, user: User, capabilities: Collection[int], shows_name: bool, days: int, at: datetime | None = None
) -> Share:
    """A page with what the person chose, behind a link that nobody can guess. An older link ends.

    Raises ValidationError for days out of range, or when nothing that they hold is chosen.
    """
    at = at or timezone.now()
    if not 1 <= days <= MOST_DAYS_SHARED:
        raise ValidationError(f"A link lasts from 1 to {MOST_DAYS_SHARED} days.")
    held = {held.capability.pk for held in passport_of(user, timezone.localdate(at))}
    if not set(capabilities) & held:
        raise ValidationError("Choose something that you hold today.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    end_sharing(user=user, at=at)
    secret = secrets.token_urlsafe(32)
    share = Share.objects.create(
        user=user,
        shows_name=shows_name,
        digest=share_digest(secret),
        secret=sealed(secret),
        made_at=at,
        ends_at=at + timedelta(days=days),
    )
    share.capabilities.set(set(capabilities) & held)
    return share


@transaction.atomic
def end_sharing(*, user: User, at: datetime | None = None) -> None:
    """End the person's link at once."""
    Share.objects.filter(user=user, ended_at=None).update(ended_at=at or timezone.now())


@transaction.atomic
def forget_passport(*, user: User) -> None:
    """When an account is erased: its badges no longer stand, and no name stays in what was signed."""
    Badge.objects.filter(user=user).update(user=None, signed="")
    Share.objects.filter(user=user).delete()
