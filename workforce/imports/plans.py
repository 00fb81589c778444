"""What a staff list is about to change: as one digest, to tell two plans apart, and in words. No database."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, cast

from workforce.imports.accounts import Match
from workforce.imports.settling import Settled, Span
from workforce.models import ListedChange

# In the order in which to look at them: who leaves by mistake is missed most.
IN_A_WORD = {"leavers": "Leaves", "movers": "Moves", "joiners": "Joins"}


@dataclass(slots=True)
class Change:
    """One person of the organisation: what was believed and what is to be believed from now on."""

    match: Match
    believed: list[Span]
    posts: Settled
    leave: Settled

    @property
    def known_as(self) -> tuple[str, str]:
        """Staff number and name, as the list has them; of somebody who is not on it, as they are stored."""
        person, user = self.match.person, self.match.user
        return self.match.membership.staff_number or "", person.name if person else user.name


class Told(NamedTuple):
    """What changes for one person, in sentences."""

    kind: str
    staff_number: str
    name: str
    sentences: list[str]

    @property
    def in_a_word(self) -> str:
        return IN_A_WORD.get(self.kind, "Is corrected")


def in_order(people: Sequence[Told]) -> list[Told]:
    """Leavers first, then movers, joiners and corrections, each as on the list."""
    kinds = [*IN_A_WORD]
    return sorted(people, key=lambda person: kinds.index(person.kind) if person.kind in kinds else len(kinds))


def place(post: Span) -> tuple[int, int]:
    return cast(tuple[int, int], post.key)  # team id, tier id


def terms(post: Span) -> tuple[str, tuple[int, ...]]:
    return cast(tuple[str, tuple[int, ...]], post.detail)  # engagement, overlay ids


def digest(changes: Sequence[Change]) -> str:
    """SHA-256 of everything that would change. The same list on the same state always gives the same."""
    lines = sorted(repr(_said(change)) for change in changes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _said(change: Change) -> tuple[object, ...]:
    match = change.match
    values = [(name, str(before), str(match.value(name))) for name, before in sorted(match.before.items())]
    return (
        match.user.pk or (match.user.name, match.user.email, str(match.user.first_nhs_day)),
        match.membership.pk,
        match.membership.staff_number,
        values,
        *(sorted(span.row or 0 for span in settled.superseded) for settled in (change.posts, change.leave)),
        *(sorted(map(_span, settled.added)) for settled in (change.posts, change.leave)),
    )


def _span(span: Span) -> str:
    return repr((span.key, str(span.start), str(span.end), span.detail))


@dataclass(frozen=True, slots=True)
class Words:
    """Says what changes for a person. `teams` and `tiers` are names by id."""

    teams: Mapping[int, str]
    tiers: Mapping[int, str]

    def of(self, change: Change) -> list[str]:
        match = change.match
        linked = ["Has an account already, from another organisation."] if match.is_linked else []
        posts = self._spans(change.posts, "Post")
        return [*linked, *self._values(match), *posts, *self._spans(change.leave, "Leave")]

    def _values(self, match: Match) -> Iterator[str]:
        """What happens to name, address and so on. Nothing of an account is told that the list does not hold."""
        for name, before in match.before.items():
            label = ListedChange.Field(name).label
            if before is None:
                yield f"{label}: {_shown(match.value(name))}."
            elif match.is_linked:
                yield f"{label}: now {_shown(match.value(name))}."
            else:
                yield f"{label}: {_shown(before)} becomes {_shown(match.value(name))}."

    def _spans(self, settled: Settled, what: str) -> Iterator[str]:
        was = {(span.key, span.start): span for span in settled.superseded}
        for span in settled.added:
            old = was.pop((span.key, span.start), None)
            name = self._name(span, what)
            if old is None:
                yield f"{name}: added, {_days(span)}."
            elif old.end == span.end:
                yield f"{name}: overlays or engagement corrected, {_days(span)}."
            elif span.end is None:
                yield f"{name}: no longer has an end, {_days(span)}."
            else:
                yield f"{name}: ends. Last day {_shown(span.end - timedelta(days=1))}."
        for span in was.values():
            yield f"{self._name(span, what)}: taken out, {_days(span)}."

    def _name(self, span: Span, what: str) -> str:
        if what == "Leave":
            return what
        team, tier = place(span)
        return f"{what} in {self.teams.get(team, 'a team elsewhere')}, {self.tiers[tier]}"


def _days(span: Span) -> str:
    until = f" to {_shown(span.end - timedelta(days=1))}" if span.end else ""
    return f"from {_shown(span.start)}{until}"


def _shown(value: str | date | None) -> str:
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)
