"""Second readings: which confirmations get one, who reads, and what may be told of them. The one place for all three.

The choice is a keyed digest of the confirmation's id: it looks random, nobody who confirms can foresee it, and it
comes out the same whenever it is asked again.
"""

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from workforce.models import Organisation, Post, User

from .coverage.disclosure import is_small, number_text, percent_text, rounded, rounded_percent
from .models import SecondReading, VerificationAct
from .permissions import who_may_verify_practice

_DIGEST_RANGE = 2**256


def is_drawn(statement_id: UUID) -> bool:
    """Whether the confirmation with this statement gets a second reader: SECOND_READER_SHARE in 100 do."""
    return _draw(str(statement_id)) * 100 < settings.SECOND_READER_SHARE * _DIGEST_RANGE


def second_reader(act: VerificationAct) -> User | None:
    """Who reads a confirmation: somebody who may confirm it, from neither team where there is such a person."""
    at = act.at
    others = who_may_verify_practice(act.practice, at).exclude(pk=act.verifier_id)
    teams = Post.objects.filter(
        membership__user__in=(act.owner_id, act.verifier_id),
        superseded_at=None,
        during__contains=timezone.localdate(at),
    ).values("team")
    near = set(
        Post.objects.filter(
            team__in=teams, superseded_at=None, during__contains=timezone.localdate(at)
        ).values_list("membership__user", flat=True)
    )
    return min(
        others,
        key=lambda user: (user.pk in near, _draw(f"{act.statement_id} {user.uuid}")),
        default=None,
    )


def _draw(text: str) -> int:
    digest = hmac.new(settings.SECOND_READER_SEED.encode(), text.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest)


@dataclass(frozen=True)
class Agreement:
    """Second readings of an organisation, in words that tell nothing of anybody."""

    read: str
    agreed: str
    share: str


def agreement(organisation: Organisation) -> Agreement:
    """How many confirmations for people of an organisation were read again, and how often both would confirm.

    Both figures and their difference follow the rule for small numbers: one "would not yet" could point at somebody.
    """
    readings = SecondReading.objects.filter(
        ~Q(verdict=""), owner__memberships__organisation=organisation, act__statement__voided_at=None
    )
    read = readings.count()
    agreed = readings.filter(verdict=SecondReading.Verdict.CONFIRM).count()
    shown = None if is_small(read - agreed) or is_small(agreed) else rounded(agreed)
    return Agreement(
        number_text(rounded(read)),
        number_text(shown),
        percent_text(rounded_percent(shown, rounded(read))),
    )
