"""What can be done with an edition. Each is one appended act; the table of states says what may follow what."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import Overlay, Tier, User

from ..actions.evidence import carry_over
from ..models import Capability, Edition, EditionAct
from .queries import answers, named_reviewers
from .states import MAY_FOLLOW, STATE_AFTER, Act


@transaction.atomic
def send_for_review(
    *, edition: Edition, reviewers: Collection[User], by: User, words: str = "", at: datetime | None = None
) -> EditionAct:
    """Ask these people what they think. From now on nothing in the edition can change until it is taken back."""
    if not reviewers:
        raise ValidationError("Name at least one person to review this edition.")
    if by in reviewers:
        raise ValidationError("Name other people: you cannot review what you send.")
    if not edition.capabilities.exists():
        raise ValidationError("This edition has no capability yet. Add one before you send it for review.")
    act = _act(edition, Act.SEND, by, words, at)
    act.reviewers.set(reviewers)
    return act


@transaction.atomic
def say(
    *,
    edition: Edition,
    act: Act,
    by: User,
    words: str = "",
    capability: Capability | None = None,
    tier: Tier | None = None,
    overlay: Overlay | None = None,
    at: datetime | None = None,
) -> EditionAct:
    """A named reviewer comments, agrees or asks for a change: of the whole, of a capability, or of one cell."""
    if act != Act.AGREE and not words.strip():
        raise ValidationError("Say what you think, or what should change.")
    if act == Act.AGREE and capability is not None:
        raise ValidationError("You can agree to the whole edition only.")
    _lock(edition)
    if by not in named_reviewers(edition):
        raise ValidationError("Only the people named for this review can do this.")
    return _act(edition, act, by, words, at, capability=capability, tier=tier, overlay=overlay)


@transaction.atomic
def take_back(*, edition: Edition, by: User, words: str, at: datetime | None = None) -> EditionAct:
    """Make it a draft again. A new review asks everybody anew."""
    return _act(edition, Act.TAKE_BACK, by, _reason(words, "Say why you take it back."), at)


@transaction.atomic
def publish(*, edition: Edition, by: User, words: str = "", at: datetime | None = None) -> EditionAct:
    """Publish it for good. Where a named reviewer has not agreed, `words` must say why it is published all the same.

    An edition holds from a day to come, so that nothing that was counted changes afterwards.
    """
    at = at or timezone.now()
    _lock(edition)
    _may_follow(edition, Act.PUBLISH)
    waiting = [reviewer.name for reviewer, answer in answers(edition) if answer != Act.AGREE]
    if waiting and not words.strip():
        raise ValidationError(
            f"Not everybody has agreed yet: {', '.join(waiting)}. Wait for them, or say why you publish without."
        )
    first_day = timezone.localdate(at) + timedelta(days=1)
    if edition.dated < first_day:
        raise ValidationError(
            f"This edition holds from {edition.dated:%-d %B %Y}. "
            f"Take it back and choose {first_day:%-d %B %Y} or later."
        )
    act = _act(edition, Act.PUBLISH, by, words, at)
    carry_over(edition=edition)
    return act


@transaction.atomic
def retire(*, edition: Edition, by: User, words: str, at: datetime | None = None) -> EditionAct:
    """No organisation can adopt it any more. Those that go by it go on until they adopt another."""
    return _act(edition, Act.RETIRE, by, _reason(words, "Say why it is retired."), at)


def begin(edition: Edition, by: User, words: str, at: datetime | None = None) -> EditionAct:
    """The first act of a draft that was just made."""
    return EditionAct.objects.create(
        edition=edition, number=1, act=Act.DRAFT, by=by, at=at or timezone.now(), words=words
    )


def must_be_a_draft(edition: Edition) -> None:
    """Every change of content asks this first, and holds the edition until it is done."""
    _lock(edition)
    if edition.state != Edition.State.DRAFT:
        raise ValidationError(
            f"This edition is {edition.get_state_display().lower()}. Only a draft can be changed."
        )


def _reason(words: str, missing: str) -> str:
    if not words.strip():
        raise ValidationError(missing)
    return words


def _lock(edition: Edition) -> None:
    edition.state = Edition.objects.select_for_update().values_list("state", flat=True).get(pk=edition.pk)


def _may_follow(edition: Edition, act: Act) -> None:
    if act not in MAY_FOLLOW[Edition.State(edition.state)]:
        raise ValidationError(
            f"This edition is {edition.get_state_display().lower()}, so this cannot be done with it now."
        )


def _act(
    edition: Edition,
    act: Act,
    by: User,
    words: str,
    at: datetime | None,
    capability: Capability | None = None,
    tier: Tier | None = None,
    overlay: Overlay | None = None,
) -> EditionAct:
    _lock(edition)
    _may_follow(edition, act)
    if edition.state != STATE_AFTER[act]:
        edition.state = STATE_AFTER[act]
        edition.save(update_fields=["state"])
    last = edition.acts.order_by("-number").values_list("number", flat=True).first() or 0
    return EditionAct.objects.create(
        edition=edition,
        number=last + 1,
        act=act,
        by=by,
        at=at or timezone.now(),
        words=words.strip(),
        capability=capability,
        tier=tier,
        overlay=overlay,
    )
