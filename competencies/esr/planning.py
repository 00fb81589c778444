"""What a file from ESR would bring, row by row. No database: what is known is handed in.

What is wrong with a row that counts here refuses the whole file. What cannot count is left out and said: a file from
ESR is full of other learning and of people who have left, and a row that is missing ends nothing.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from workforce.imports.cells import Wrong
from workforce.imports.faults import SHOWN_LENGTH, Fault, Refused, shown
from workforce.imports.tables import Row

from .columns import AWARDED, COMPETENCE, EMPLOYEE, EXPIRY, START, unguarded
from .spelling import folded, is_ours, read_day, read_end

CREDITED = "would count"
Day = TypeVar("Day", date, date | None)


@dataclass(frozen=True)
class Name:
    """A competence that counts here, and what it shows, in words."""

    pk: int
    title: str
    shows: str


@dataclass(frozen=True)
class Staff:
    """Somebody who has, or had, a staff number in the organisation."""

    membership: int
    user: int
    is_in_post: bool


@dataclass(frozen=True)
class Known:
    names: Mapping[str, Name]  # by their folded name
    staff: Mapping[str, Staff]  # by staff number
    taken: Collection[tuple[int, int, date]]  # membership, name and day of what stands
    today: date
    sender: int | None  # the user who sends it


class Credit(NamedTuple):
    """One row that counts: somebody learned something elsewhere on a day."""

    row: int
    staff_number: str
    membership: int
    user: int
    name: int
    awarded: date
    until: date | None


class Told(NamedTuple):
    """What happens to a row, in a word and in a sentence."""

    row: int
    staff_number: str
    kind: str
    sentence: str

    @property
    def in_a_word(self) -> str:
        return "Counts" if self.kind == CREDITED else f"Left out: {self.kind}"


@dataclass
class Plan:
    credits: list[Credit] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counts = dict.fromkeys(KINDS, 0)
        for told in self.told:
            counts[told.kind] += 1
        return counts

    @property
    def digest(self) -> str:
        """SHA-256 of all that would be stored: the same file on the same state always gives the same."""
        lines = sorted(repr(credit) for credit in self.credits)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class LeftOut(Exception):
    """A row does not count: the kind of reason, and a sentence."""

    def __init__(self, kind: str, sentence: str) -> None:
        self.kind, self.sentence = kind, sentence
        super().__init__(sentence)


OURS = "from this service"
OTHER = "other learning"
UNKNOWN = "unknown staff number"
LEFT = "no longer in post"
ENDED = "ended already"
SENDER = "about whoever sent it"
TWICE = "twice in the file"
TAKEN = "taken in before"
KINDS = (CREDITED, TAKEN, OURS, OTHER, UNKNOWN, LEFT, ENDED, SENDER, TWICE)


def plan_of(rows: Sequence[Row], known: Known) -> Plan:
    """What each row brings. Raises `Refused` with every fault."""
    plan, faults = Plan(), []
    seen: dict[tuple[int, int, date], Credit] = {}
    for row in rows:
        number = unguarded(row.cells[EMPLOYEE.lower()])
        try:
            credit = _credit(row, number, known)
            _not_twice(credit, seen)
        except LeftOut as left_out:
            plan.told.append(Told(row.number, _short(number), left_out.kind, left_out.sentence))
        except _Faulty as faulty:
            faults.append(faulty.fault)
        else:
            plan.credits.append(credit)
            name = known.names[folded(unguarded(row.cells[COMPETENCE.lower()]))]
            until = f" Counts until {_day(credit.until)} at most." if credit.until else ""
            sentence = f"{name.title}, awarded {_day(credit.awarded)}, shows {name.shows}.{until}"
            plan.told.append(Told(row.number, number, CREDITED, sentence))
    if faults:
        raise Refused(faults)
    return plan


def staff_numbers(rows: Sequence[Row]) -> set[str]:
    return {unguarded(row.cells[EMPLOYEE.lower()]) for row in rows}


class _Faulty(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def _credit(row: Row, number: str, known: Known) -> Credit:
    name = _name(unguarded(row.cells[COMPETENCE.lower()]), known)
    staff = _staff(number, known)
    awarded, until = _days(row, known.today)
    if until is not None and until <= known.today:
        raise LeftOut(ENDED, f"{name.title} ended on {_day(until)}.")
    if (staff.membership, name.pk, awarded) in known.taken:
        raise LeftOut(TAKEN, f"{name.title}, awarded {_day(awarded)}, was taken in before.")
    return Credit(row.number, number, staff.membership, staff.user, name.pk, awarded, until)


def _name(cell: str, known: Known) -> Name:
    if is_ours(cell):
        raise LeftOut(OURS, f"{shown(cell)} comes from this service, which has it on the record.")
    name = known.names.get(folded(cell))
    if name is None:
        raise LeftOut(OTHER, f"{shown(cell)} is not under ESR names, so it counts for nothing here.")
    return name


def _staff(number: str, known: Known) -> Staff:
    staff = known.staff.get(number)
    if staff is None:
        raise LeftOut(
            UNKNOWN, "Nobody here has this staff number. Take in the staff list first if they have joined."
        )
    if not staff.is_in_post:
        raise LeftOut(LEFT, "They have no post here today.")
    if staff.user == known.sender:
        raise LeftOut(SENDER, "Nobody accepts their own learning. Ask somebody else to send this row.")
    return staff


def _days(row: Row, today: date) -> tuple[date, date | None]:
    """When it was awarded, and when it ends by its own words. Where the first is blank, when it began."""
    column = AWARDED if row.cells[AWARDED.lower()] or START.lower() not in row.cells else START
    awarded = _read(row, column, read_day)
    if awarded > today:
        raise _Faulty(Fault(row.number, column, f"{_day(awarded)} has not come yet.", "Correct the day."))
    until = _read(row, EXPIRY, read_end)
    if until is not None and until <= awarded:
        problem = f"It ends on {_day(until)}, but was awarded on {_day(awarded)}."
        raise _Faulty(Fault(row.number, EXPIRY, problem, "Correct one of the two days."))
    return awarded, until


def _read(row: Row, column: str, read: Callable[[str], Day]) -> Day:
    try:
        return read(row.cells[column.lower()])
    except Wrong as wrong:
        raise _Faulty(Fault(row.number, column, wrong.problem, wrong.remedy)) from wrong


def _not_twice(credit: Credit, seen: dict[tuple[int, int, date], Credit]) -> None:
    first = seen.setdefault((credit.membership, credit.name, credit.awarded), credit)
    if first is credit:
        return
    if first.until != credit.until:
        problem = f"Row {first.row} says the same with another expiry date."
        raise _Faulty(Fault(credit.row, EXPIRY, problem, "Take out the row that is wrong."))
    raise LeftOut(TWICE, f"Row {first.row} says the same.")


def _short(number: str) -> str:
    return number if len(number) <= SHOWN_LENGTH and number.isprintable() else shown(number)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def in_order(told: Sequence[Told]) -> Iterator[Told]:
    """What counts first, then what is left out, each as in the file."""
    yield from sorted(told, key=lambda each: KINDS.index(each.kind))
