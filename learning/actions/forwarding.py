"""Sending statements on to another record: each at least once, in order for each actor.

One worker at a time sends for a forwarder, and says so in its row for as long as it works; if it is killed, another
follows when that time is over. It may then send again what the other record has already: the same id a second time
does no harm there.
"""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from .. import verbs
from ..models import Delivery, Forwarder
from ..models.forwarding import check_endpoint
from ..other_records import Answer, OtherRecord, Unreachable
from ..queries import consistent_through
from ..queries.attachments import outgoing_files
from ..queries.forwarding import (
    Wanted,
    actors_of_targets,
    due_again,
    due_forwarders,
    fresh_deliveries,
    voided_before,
    wanted_next,
)
from ..queries.letters import Letter, letters, parcels
from ..queries.walking import LAST_ID
from ..secrets import CannotOpen, opened
from ..xapi import same_statement
from ..xapi.multipart import OutgoingFile

BATCH, LOOK = 50, 500
# Longer than a request may take that has no files; while files go out, it is said anew every so many seconds.
CLAIM = timedelta(minutes=5)
SAY_AGAIN = 60
# After so many failures in a row, one statement goes at a time, to find out whether it is to blame.
PATIENCE = 3
MOST_TRIES = 8
LONGEST_WAIT = timedelta(hours=1)

_SPLIT = {400, 409, 413, 422}
_TRY_LATER = {408, 425, 429}
_NOT_TO_BLAME = {408, 425, 429, 502, 503, 504}

_log = logging.getLogger(__name__)


class _Lost(Exception):
    """Another worker has followed, or a keeper has switched the forwarder off."""


class _Paused(Exception):
    """Nothing more can go until a keeper has put something right; the message says what."""


class _Trouble(Exception):
    """It may work later."""

    def __init__(self, words: str, wait: timedelta | None = None, *, blames_statement: bool = False) -> None:
        super().__init__(words)
        self.wait = wait
        self.blames_statement = blames_statement


def forward(*, forwarder_id: int, seconds: float = 60) -> bool:
    """Send on what waits, for some seconds. True if more waits that could go now."""
    forwarder = _claim(forwarder_id)
    if forwarder is None:
        return False
    until = time.monotonic() + seconds
    try:
        run = _Run(forwarder)
        while run.round():
            if time.monotonic() > until:
                return True
    except _Lost:
        return False
    except _Paused as pause:
        _mine(forwarder).update(paused_because=str(pause))
    except _Trouble as trouble:
        _back_off(forwarder, trouble)
    finally:
        _mine(forwarder).update(claim=None, claimed_until=None)
    return False


@transaction.atomic
def send_again(*, deliveries: QuerySet[Delivery]) -> int:
    """Bring dead letters back to life; returns how many. Whoever waits behind them goes after them."""
    return deliveries.filter(dead_at__isnull=False).update(
        dead_at=None, tries=0, tried_first=None, wait_until=None, reason=""
    )


@transaction.atomic
def resume_forwarders(*, forwarders: QuerySet[Forwarder]) -> int:
    """Go on at once after a pause or a failure."""
    return forwarders.update(paused_because="", failures=0, retry_at=None, trouble="")


@transaction.atomic
def look_further(*, forwarder: Forwarder) -> int:
    """Line up what was stored since the forwarder's place, and move the place; returns how many there were."""
    forwarder = Forwarder.objects.select_for_update(of=("self",)).get(pk=forwarder.pk)
    through = consistent_through()
    if forwarder.looked_stored and forwarder.looked_stored >= through:
        return 0
    found = wanted_next(forwarder, through, LOOK)
    lined_up = found + voided_before(found)
    targets = actors_of_targets(lined_up)
    Delivery.objects.bulk_create(
        [Delivery(forwarder=forwarder, statement_id=one.id, lane=_lane(one, targets)) for one in lined_up],
        ignore_conflicts=True,
    )
    # Fewer than asked for: everything up to `through` has been looked at, whether it was wanted or not.
    place = found[-1][:2] if len(found) == LOOK else (through, LAST_ID)
    forwarder.looked_stored, forwarder.looked_id = place
    forwarder.save(update_fields=["looked_stored", "looked_id"])
    return len(lined_up)


def _lane(one: Wanted, targets: dict[UUID, object]) -> str:
    actor = targets.get(one.target) if one.target and one.verb == verbs.VOIDED else None
    # What nobody did, an anonymous group, has an order with nothing.
    return str(actor or one.actor or one.id)


class _Run:
    """One worker's time with one forwarder."""

    def __init__(self, forwarder: Forwarder) -> None:
        self.forwarder = forwarder
        self.other = _other(forwarder)
        self.stuck: set[str] = set()
        self.said = time.monotonic()

    def round(self) -> bool:
        """One batch, and one of those that had failed by themselves; False if there was nothing to send."""
        self.stuck.clear()
        again = due_again(self.forwarder, timezone.now())
        if again:
            self._try_alone(again)
        fresh = self._fresh()
        if fresh:
            self._deliver(fresh)
        return bool(again or fresh)

    def _fresh(self) -> list[Delivery]:
        size = BATCH if self.forwarder.failures < PATIENCE else 1
        fresh = list(fresh_deliveries(self.forwarder)[:size])
        while len(fresh) < size and look_further(forwarder=self.forwarder):
            fresh = list(fresh_deliveries(self.forwarder)[:size])
        return fresh

    def _try_alone(self, delivery: Delivery) -> None:
        try:
            self._deliver([delivery])
        except _Trouble as trouble:
            if not trouble.blames_statement:
                raise

    def _deliver(self, deliveries: Sequence[Delivery]) -> None:
        for parcel in parcels(letters(deliveries)):
            self._send(parcel)

    def _send(self, parcel: Sequence[Letter]) -> None:
        """Send them; where one of them is refused, half by half until it is found."""
        going = [letter for letter in parcel if self._may_go(letter)]
        if not going:
            return
        self._keep_claim()
        answer = self._answer(going)
        if answer.status in (200, 204):
            self._delivered([letter.delivery for letter in going])
        elif answer.status in _SPLIT and len(going) > 1:
            middle = len(going) // 2
            self._send(going[:middle])
            self._send(going[middle:])
        else:
            self._settle(going, answer)

    def _may_go(self, letter: Letter) -> bool:
        if letter.delivery.lane in self.stuck:
            return False
        if letter.lacking:
            missing = ", ".join(letter.lacking)
            self._bury(letter.delivery, f"It needs attached files that are not kept here: {missing}")
        return not letter.lacking

    def _answer(self, going: Sequence[Letter]) -> Answer:
        files = [
            file._replace(chunks=self._said_again(file))
            for file in outgoing_files(file for letter in going for file in letter.files)
        ]
        try:
            return self.other.send([letter.delivery.statement.payload for letter in going], files)
        except Unreachable as error:
            # Who finds a file too large may hang up instead of saying so.
            trouble = _Trouble(f"It could not be reached. {error}", blames_statement=bool(files))
            raise self._traced(going, trouble) from None

    def _said_again(self, file: OutgoingFile) -> Iterator[bytes]:
        """A large file may take longer than a claim lasts."""
        for chunk in file.chunks:
            if time.monotonic() - self.said > SAY_AGAIN:
                self._keep_claim()
            yield chunk

    def _settle(self, going: Sequence[Letter], answer: Answer) -> None:
        """What is not about several statements: about one, or about none."""
        if answer.status == 409:
            self._settle_conflict(going[0].delivery, answer)
        elif answer.status in _SPLIT:
            self._bury(going[0].delivery, f"It answered {answer.status}: {answer.text[:1000]}")
        else:
            raise self._traced(going, _to_do(answer))

    def _traced(self, going: Sequence[Letter], trouble: _Trouble | _Paused) -> Exception:
        """The same trouble. Where it can only be about one statement, that one will be tried by itself."""
        if isinstance(trouble, _Trouble) and trouble.blames_statement and len(going) == 1:
            self._blame(going[0].delivery, trouble)
        return trouble

    def _keep_claim(self) -> None:
        going = _mine(self.forwarder).filter(is_on=True, paused_because="")
        if not going.update(claimed_until=timezone.now() + CLAIM):
            raise _Lost
        self.said = time.monotonic()

    def _delivered(self, deliveries: Sequence[Delivery], *, differing: int = 0) -> None:
        with transaction.atomic():
            Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).delete()
            Forwarder.objects.filter(pk=self.forwarder.pk).update(
                delivered=F("delivered") + len(deliveries),
                differing=F("differing") + differing,
                worked_at=timezone.now(),
                failures=0,
                retry_at=None,
                trouble="",
            )
        self.forwarder.failures = 0
        self.forwarder.worked_at = timezone.now()

    def _settle_conflict(self, delivery: Delivery, answer: Answer) -> None:
        """It says that it has the id already (Communication 2.1.1). Unless it has not, that is as good as sent."""
        try:
            theirs = self.other.has(delivery.statement_id)
        except Unreachable:
            theirs = answer
        if theirs.status == 404:
            self._bury(delivery, f"It answered 409, but does not have the statement: {answer.text[:1000]}")
            return
        differs = theirs.status == 200 and not _is_same(delivery.statement.payload, theirs.text)
        if differs:
            _log.warning("%s has another statement with the id %s", self.forwarder, delivery.statement_id)
        self._delivered([delivery], differing=int(differs))

    def _bury(self, delivery: Delivery, reason: str) -> None:
        self.stuck.add(delivery.lane)
        Delivery.objects.filter(pk=delivery.pk).update(dead_at=timezone.now(), reason=reason)

    def _blame(self, delivery: Delivery, trouble: _Trouble) -> None:
        """It failed by itself. Dead after many tries, if meanwhile others arrived: so it is not the other record."""
        now = timezone.now()
        delivery.tries += 1
        delivery.tried_first = delivery.tried_first or now
        worked = self.forwarder.worked_at
        if delivery.tries >= MOST_TRIES and worked and worked > delivery.tried_first:
            self._bury(delivery, f"It failed {delivery.tries} times: {trouble}")
        wait = now + _wait(delivery.tries + 2)
        Delivery.objects.filter(pk=delivery.pk).update(
            tries=delivery.tries, tried_first=delivery.tried_first, wait_until=wait
        )


def _to_do(answer: Answer) -> _Trouble | _Paused:
    """What an answer asks for that is about no single statement."""
    words = f"It answered {answer.status}: {answer.text[:300]}"
    if answer.status in _TRY_LATER or answer.status >= 500:
        return _Trouble(words, _asked_wait(answer), blames_statement=answer.status not in _NOT_TO_BLAME)
    if answer.status in (401, 403):
        return _Paused(
            f"{words}. Check the key and the secret, and what they may do there; then let it go on."
        )
    if 300 <= answer.status < 400:
        return _Paused(f"It sends elsewhere ({answer.status}). Put the right address in; then let it go on.")
    return _Paused(f"{words}. Check the address; then let it go on.")


def _asked_wait(answer: Answer) -> timedelta | None:
    asked = answer.headers.get("Retry-After", "")
    return timedelta(seconds=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None


def _wait(failures: int) -> timedelta:
    """Twice as long after each failure, and never quite the same for two workers."""
    longest = min(timedelta(seconds=5 * 2 ** min(failures, 20)), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)  # noqa: S311


def _back_off(forwarder: Forwarder, trouble: _Trouble) -> None:
    failures = forwarder.failures + 1
    wait = max(_wait(failures), min(trouble.wait or timedelta(), LONGEST_WAIT))
    _mine(forwarder).update(failures=failures, trouble=str(trouble), retry_at=timezone.now() + wait)


def _claim(forwarder_id: int) -> Forwarder | None:
    now, token = timezone.now(), uuid4()
    claimed = due_forwarders(now).filter(pk=forwarder_id).update(claim=token, claimed_until=now + CLAIM)
    return Forwarder.objects.get(pk=forwarder_id, claim=token) if claimed else None


def _mine(forwarder: Forwarder) -> QuerySet[Forwarder]:
    return Forwarder.objects.filter(pk=forwarder.pk, claim=forwarder.claim)


def _other(forwarder: Forwarder) -> OtherRecord:
    try:
        check_endpoint(forwarder.endpoint)
        secret = opened(forwarder.sealed_secret)
    except ValidationError as error:
        raise _Paused(error.messages[0]) from None
    except CannotOpen:
        raise _Paused("The secret cannot be read, because SECRET_KEY has changed. Give it again.") from None
    return OtherRecord(forwarder.endpoint, forwarder.key, secret, forwarder.version)


def _is_same(ours: str, theirs: str) -> bool:
    try:
        return same_statement(theirs, ours)
    except (msgspec.DecodeError, ValueError, LookupError, TypeError, AttributeError):
        return False  # whatever it answered, it is no statement
