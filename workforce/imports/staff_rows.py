"""The staff list, read: rows of text in, people with their posts out. No database."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from workforce.imports import cells
from workforce.imports.faults import Fault, Refused, shown
from workforce.imports.settling import Span
from workforce.imports.tables import Row
from workforce.models import Post

Value = TypeVar("Value")

COLUMNS = (
    "staff_number",
    "name",
    "email",
    "team_code",
    "tier",
    "overlays",
    "engagement",
    "post_start",
    "post_end",
    "first_nhs_day",
    "leave_start",
    "leave_end",
)
SUBSTANTIVE = str(Post.Engagement.SUBSTANTIVE)
ENGAGEMENTS = frozenset(Post.Engagement.values)
PERSON_COLUMNS = ("name", "email", "first_nhs_day", "leave_start", "leave_end")


@dataclass(frozen=True, slots=True)
class Known:
    """What a list may name: teams by code, tiers by key, and for each tier the overlays that suit it."""

    teams: Mapping[str, int]
    tiers: Mapping[str, int]
    overlays: Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class Person:
    """Somebody on the list, as their first row says; `posts` gathers what all their rows state."""

    row: int
    staff_number: str
    name: str
    email: str | None
    first_nhs_day: date | None
    leave: list[Span] = field(default_factory=list)
    posts: list[Span] = field(default_factory=list)


def people_in(rows: list[Row], known: Known) -> list[Person]:
    """Everybody on the list with all their posts, in its order. Raises `Refused` with every fault."""
    faults: list[Fault] = []
    people: dict[tuple[str, int], tuple[Row, Person]] = {}
    for row in rows:
        reader = _Reader(row, known, faults)
        person, post = reader.person(), reader.post()
        who = (person.staff_number, 0 if person.staff_number else row.number)
        first_row, first = people.setdefault(who, (row, person))
        if first is not person:
            faults.extend(_differences(first_row, row))
        if post is not None:
            faults.extend(_clashes(first, post, row))
            first.posts.append(post)
    found = [person for _, person in people.values()]
    faults.extend(_shared_addresses(found))
    if faults:
        raise Refused(faults)
    return found


class _Reader:
    """Reads one row, and notes a fault for each cell that is wrong."""

    def __init__(self, row: Row, known: Known, faults: list[Fault]) -> None:
        self.row, self.known, self.faults = row, known, faults

    def person(self) -> Person:
        person = Person(
            row=self.row.number,
            staff_number=self._read("staff_number", lambda value: cells.text(value, 20)) or "",
            name=self._read("name", lambda value: cells.text(value, 200)) or "",
            email=self._read("email", cells.email),
            first_nhs_day=self._read("first_nhs_day", cells.day),
        )
        leave = self._span("leave_start", "leave_end", key="leave", detail=None)
        if leave is None and self.row.cells["leave_end"] and not self.row.cells["leave_start"]:
            self._fault("leave_end", "Leave ends here but has no first day.", "Fill in leave_start.")
        person.leave = [leave] if leave else []
        return person

    def post(self) -> Span | None:
        """The post as a span whose key is (team id, tier id); None where a cell is wrong."""
        before = len(self.faults)
        team = self._read("team_code", lambda value: _one_of(self.known.teams, value, "a team here"))
        tier_key = self.row.cells["tier"].lower()
        tier = self._read("tier", lambda value: _one_of(self.known.tiers, value.lower(), "a tier"))
        overlays = self._overlays(tier_key) if tier is not None else ()
        engagement = self._read("engagement", _engagement)
        span = self._span("post_start", "post_end", key=(team, tier), detail=(engagement, overlays))
        if span is None and not self.row.cells["post_start"]:
            self._fault("post_start", "This cell is blank.", "Write the first day in this post.")
        elif span is not None:
            self._check_first_day(span)
        return span if len(self.faults) == before else None

    def _check_first_day(self, post: Span) -> None:
        first = self._quiet_day("first_nhs_day")
        if first is not None and first > post.start:
            problem = "The first day in NHS-funded care is after the first day in this post."
            self._fault("first_nhs_day", problem, "Correct one of the two, or leave it blank.")

    def _overlays(self, tier_key: str) -> tuple[int, ...]:
        fitting = self.known.overlays.get(tier_key, {})
        every = {key for keys in self.known.overlays.values() for key in keys}
        found = []
        for key in filter(None, (part.strip().lower() for part in self.row.cells["overlays"].split("|"))):
            if key in fitting:
                found.append(fitting[key])
            elif key in every:
                problem = f"{shown(key)} does not go with the tier {shown(tier_key)}."
                self._fault("overlays", problem, f"With this tier use {_choice(fitting)}.")
            else:
                problem = f"{shown(key)} is not an overlay."
                self._fault(
                    "overlays", problem, f"With this tier use {_choice(fitting)}, with | between two."
                )
        return tuple(sorted(set(found)))

    def _span(self, first: str, last: str, *, key: object, detail: object) -> Span | None:
        start, final = self._read(first, cells.day), self._read(last, cells.day)
        if start is None:
            return None
        if final is not None and final < start:
            self._fault(last, "The last day is before the first day.", "Check both dates.")
            return None
        return Span(key, start, None if final is None else final + timedelta(days=1), detail)

    def _quiet_day(self, column: str) -> date | None:
        try:
            return cells.day(self.row.cells[column])
        except cells.Wrong:
            return None

    def _read(self, column: str, how: Callable[[str], Value]) -> Value | None:
        try:
            return how(self.row.cells[column])
        except cells.Wrong as wrong:
            self._fault(column, wrong.problem, wrong.remedy)
            return None

    def _fault(self, column: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.row.number, column, problem, remedy))


def _one_of(known: Mapping[str, int], value: str, what: str) -> int:
    if not value:
        raise cells.Wrong("This cell is blank.", f"Name {what}.")
    if value not in known:
        raise cells.Wrong(f"{shown(value)} is not {what}.", f"Use {_choice(known)}.")
    return known[value]


def _engagement(value: str) -> str:
    value = value.lower() or SUBSTANTIVE
    if value not in ENGAGEMENTS:
        problem = f"{shown(value)} is not a kind of engagement."
        raise cells.Wrong(problem, f"Use {_choice(ENGAGEMENTS)}.")
    return value


def _choice(keys: Collection[str]) -> str:
    """The keys to choose from, as far as a sentence can hold them."""
    if not keys:
        return "no value"
    shown_keys = sorted(keys)[:8]
    return ", ".join(shown_keys) + (f" or one of {len(keys) - 8} more" if len(keys) > 8 else "")


def _differences(first: Row, row: Row) -> list[Fault]:
    """Two rows with one staff number are one person with two posts, so what is about the person must agree."""
    return [
        Fault(
            row.number,
            column,
            f"Row {first.number} has the same staff number and another {column}.",
            "Make them the same, or correct the staff number.",
        )
        for column in PERSON_COLUMNS
        if first.cells[column].casefold() != row.cells[column].casefold()
    ]


def _clashes(person: Person, post: Span, row: Row) -> list[Fault]:
    problem = "This person has the same team and tier on another row, over some of the same days."
    remedy = "Keep one row for the post, or correct its dates."
    return [
        Fault(row.number, "post_start", problem, remedy) for other in person.posts if other.overlaps(post)
    ][:1]


def _shared_addresses(people: list[Person]) -> list[Fault]:
    seen: dict[str, Person] = {}
    faults = []
    for person in people:
        if person.email and (other := seen.setdefault(person.email, person)) is not person:
            problem = f"Row {other.row} has this address under another staff number."
            faults.append(Fault(person.row, "email", problem, "Give each person their own address, or none."))
    return faults
