"""Statements that come one by one, at the same instant, and are stored in one transaction.

A transaction costs four times what a statement in it costs, so while one is under way those who come meanwhile wait
together, and the first of them then stores for all. Databases call this group commit. Each is answered for itself: if
anything is wrong with one, each is stored alone.
"""

from collections import deque
from dataclasses import dataclass, field
from threading import Event, Lock
from uuid import UUID

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection

from ..errors import Conflict, NotAllowed, Outdated
from ..models import Credential
from ..queries.credentials import Opened
from ..xapi import Invalid, Received
from ..xapi.versions import Version
from .storing import store_statements

MOST_AT_ONCE = 50


@dataclass(eq=False)
class _Waiting:
    """One who waits to be stored, or to be told to do the storing."""

    entry: Received
    credential: Credential
    version: Version
    opened: Opened | None
    told: Event = field(default_factory=Event)
    leads: bool = False
    stored: UUID | None = None
    lost: str = ""

    def goes_with(self, other: "_Waiting") -> bool:
        """Only what may do the same: a token of a credential may hold less than the credential itself."""
        return self._standing() == other._standing()

    def _standing(self) -> tuple[object, ...]:
        return self.credential.pk, sorted(self.credential.scopes), self.version, self.opened

    def store_alone(self) -> UUID:
        return _store([self])[0]


_lock = Lock()
_queue: deque[_Waiting] = deque()
_led = False  # somebody stores, or has been told to


def store_one(
    *, entry: Received, credential: Credential, version: Version, opened: Opened | None = None
) -> UUID:
    """Keep one statement, as `store_statements` does, perhaps together with others of the same credential."""
    mine = _Waiting(entry, credential, version, opened)
    if connection.in_atomic_block:
        return mine.store_alone()
    if not _is_first(mine):
        mine.told.wait()
    if mine.leads:
        _lead(mine)
    if mine.lost:
        raise OperationalError(mine.lost)
    return mine.stored or mine.store_alone()


def _is_first(mine: _Waiting) -> bool:
    global _led
    with _lock:
        _queue.append(mine)
        if not _led:
            _led = mine.leads = True
        return mine.leads


def _lead(mine: _Waiting) -> None:
    """Store for all who wait and go with this one; then let somebody else lead."""
    group = _group_of(mine)
    try:
        if len(group) > 1:
            _store_together(group)
        else:
            mine.stored = mine.store_alone()
    finally:
        _hand_over()
        for one in group:
            one.told.set()


def _group_of(mine: _Waiting) -> list[_Waiting]:
    with _lock:
        group = [one for one in _queue if one.goes_with(mine)][:MOST_AT_ONCE]
        for one in group:
            _queue.remove(one)
    return group


def _store_together(group: list[_Waiting]) -> None:
    """If anything is wrong with one, nobody is told a thing: each will find out alone.

    If the database went away, though, it may have kept them, and what has no id of its own would be kept twice.
    """
    try:
        ids = _store(group)
    except (Invalid, Conflict, NotAllowed, Outdated, DataError, IntegrityError):
        return
    except (OperationalError, InterfaceError) as fault:
        for one in group:
            one.lost = str(fault)
        return
    for one, statement_id in zip(group, ids, strict=True):
        one.stored = statement_id


def _store(group: list[_Waiting]) -> list[UUID]:
    first = group[0]
    return store_statements(
        statements=[one.entry for one in group],
        credential=first.credential,
        version=first.version,
        opened=first.opened,
    )


def _hand_over() -> None:
    global _led
    with _lock:
        _led = bool(_queue)
        if _led:
            _queue[0].leads = True
            _queue[0].told.set()
