"""Who works in the invented trusts, and when: made from a seed, as the monthly staff lists would tell it."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from workforce.months import months_after

from .accounts import ACCOUNTS, DOMAIN

MONTHS = 18
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
FIRST = (  # noqa: SIM905 - words in a row are easier to read
    "Ada Amir Anya Babak Bea Callum Carys Chidi Dev Dilys Ebele Edwin Eleni Farah Femi Gwen Hamza Hana "
    "Idris Ines Jamal Jess Kofi Kate Lena Lewis Mabel Marek Nadia Nia Omar Orla Petra Priya Quinn Rafa "
    "Rhys Rosa Sana Seren Tariq Tess Uma Vera Wale Wyn Xena Yara Zack Zofia "
).split()
# Plants, so that nobody takes them for real people.
LAST = (  # noqa: SIM905 - likewise
    "Alder Ash Aspen Bluebell Bracken Bryony Buttercup Campion Catkin Celandine Chestnut Clover Cowslip "
    "Daisy Dandelion Fennel Fern Gorse Harebell Hazel Heather Holly Ivy Lavender Lichen Lilac Linden "
    "Lupin Mallow Maple Marigold Meadowsweet Mint Mistletoe Moss Myrtle Nettle Oxlip Pansy Parsley Poppy "
    "Primrose Rosehip Sage Sorrel Speedwell Tansy Thistle Thyme Violet Willowherb Woodruff Yarrow "
).split()


@dataclass(frozen=True)
class Spell:
    """A post: `end` is the first day on which it is over."""

    team: str
    tier: str
    start: date
    end: date | None = None
    overlays: tuple[str, ...] = ()
    engagement: str = "substantive"

    def on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Person:
    number: str
    name: str
    email: str
    first_nhs_day: date | None
    spells: tuple[Spell, ...]
    leave: tuple[date, date] | None = None

    @property
    def started(self) -> date:
        return min(spell.start for spell in self.spells)

    def spell_on(self, day: date) -> Spell | None:
        return next((spell for spell in self.spells if spell.on(day)), None)


@dataclass(frozen=True)
class Place:
    """A team, where it stands, how many of which tier work in it, and how readily it makes time to learn (0 to 1)."""

    code: str
    name: str
    parent: str | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    keen: float = 0.5


@dataclass(frozen=True)
class Trust:
    code: str
    name: str
    region: str
    places: tuple[Place, ...]

    def place(self, code: str) -> Place:
        return next(place for place in self.places if place.code == code)


WILLOWMERE = Trust(
    "DEMO1",
    "Willowmere Hospitals (an invented trust)",
    "Y60",
    (
        Place("MED", "Medicine division", None, {"managers": 5}, 0.6),
        Place("MED-AMU", "Acute medical unit", "MED", {"frontline": 54, "managers": 3}, 0.8),
        Place("MED-OLD", "Older people’s ward", "MED", {"frontline": 50, "managers": 3}, 0.65),
        Place("MED-ED", "Emergency department", "MED", {"frontline": 62, "managers": 4}, 0.45),
        Place("SUR", "Surgery division", None, {"managers": 4}, 0.6),
        Place("SUR-THE", "Theatres", "SUR", {"frontline": 56, "managers": 3}, 0.55),
        Place("SUR-W5", "Surgical ward 5", "SUR", {"frontline": 48, "managers": 3}, 0.9),
        Place("SUP", "Support services", None, {"managers": 3}, 0.5),
        Place("SUP-POR", "Porters and domestic services", "SUP", {"frontline": 50, "managers": 2}, 0.4),
        Place("SUP-PHA", "Pharmacy", "SUP", {"frontline": 36, "managers": 2}, 0.75),
        Place("SUP-OUT", "Outpatients and records", "SUP", {"frontline": 34, "managers": 2}, 0.6),
        Place("COR", "Board and improvement office", None, {"board": 14, "experts": 12, "managers": 4}, 0.8),
        Place("PSP", "Patient safety partners", None, {}, 0.8),
    ),
)
PUDDLECOMBE = Trust(
    "DEMO2",
    "Puddlecombe Community Care (an invented trust)",
    "Y58",
    (
        Place("COM", "Community division", None, {"managers": 4}, 0.6),
        Place("COM-DN", "District nursing", "COM", {"frontline": 34, "managers": 3}, 0.7),
        Place("COM-REH", "Rehabilitation", "COM", {"frontline": 26, "managers": 3}, 0.5),
        Place("HQ", "Board and office", None, {"board": 8, "managers": 2}, 0.7),
    ),
)
TRUSTS = (WILLOWMERE, PUDDLECOMBE)

# Where the accounts for visitors work. The starter and the others get their history in stories.py.
STARRED = {
    "nurse": ("DEMO1", "MED-OLD", "frontline", ("patient_facing",)),
    "starter": ("DEMO1", "SUP-POR", "frontline", ()),
    "manager": ("DEMO1", "MED-OLD", "managers", ()),
    "board": ("DEMO1", "COR", "board", ("non_executive",)),
    "expert": ("DEMO1", "COR", "experts", ()),
    "lead": ("DEMO1", "COR", "managers", ("educator",)),
    "neighbour": ("DEMO2", "HQ", "managers", ()),
}
STARRED_NUMBERS = tuple(f"{number:05}" for number in range(1, len(STARRED) + 1))


def staff_of(trust: Trust, today: date) -> list[Person]:
    """Everybody who worked in the trust in the last 18 months, the same for the same day."""
    random = Random(f"{trust.code} {today.isoformat()}")  # noqa: S311 - nothing secret, only repeatable
    first = months_after(today.replace(day=1), -MONTHS)
    people = list(_starred(trust, today))
    taken = len(people)
    for place in trust.places:
        for tier, number in place.numbers.items():
            for _ in range(number):
                people.append(_person(random, trust, place, tier, taken, first, today))
                taken += 1
    return people


def _starred(trust: Trust, today: date) -> Iterator[Person]:
    names = {account.key: account for account in ACCOUNTS}
    for number, (key, (code, team, tier, overlays)) in enumerate(STARRED.items()):
        if code == trust.code:
            start = (
                today - timedelta(days=25)
                if key == "starter"
                else date(2016, 3, 7) + timedelta(days=99 * number)
            )
            spell = Spell(team, tier, start, None, overlays)
            yield Person(STARRED_NUMBERS[number], names[key].name, names[key].email, None, (spell,))


def _person(
    random: Random, trust: Trust, place: Place, tier: str, taken: int, first: date, today: date
) -> Person:
    name = f"{random.choice(FIRST)} {LAST[taken % len(LAST)]}"
    number = f"{10_000 + taken * 7}"
    start, end = _stay(random, first, today)
    engagement = random.choices(("substantive", "bank", "agency"), (92, 7, 1))[0]
    if tier != "frontline":
        engagement = "substantive"
    spell = Spell(place.code, tier, start, end, _overlays(random, place, tier), engagement)
    earlier = start - timedelta(days=random.randrange(200, 4000)) if random.random() < 0.4 else None
    person = Person(number, name, f"p{number}.{trust.code.lower()}@{DOMAIN}", earlier, (spell,))
    return _with_changes(random, trust, person, first, today)


def _stay(random: Random, first: date, today: date) -> tuple[date, date | None]:
    """Four in five were there before the history begins; joiners come all year, most in August and September."""
    if random.random() < 0.8:
        start = first - timedelta(days=random.randrange(40, 5000))
    else:
        month = months_after(first, random.choice(range(MONTHS)))
        intake = months_after(first, (8 - first.month) % 12 + random.randrange(2))
        start = random.choice((month, intake)) + timedelta(days=random.randrange(28))
        start = min(start, today - timedelta(days=5))
    if random.random() < 0.1:
        end = months_after(first, random.randrange(2, MONTHS))
        if end > start:
            return start, end
    return start, None


def _overlays(random: Random, place: Place, tier: str) -> tuple[str, ...]:
    if tier == "frontline":
        facing = ("patient_facing",) if not place.code.startswith("SUP") else ()
        return (*facing, "educator") if random.random() < 0.06 else facing
    if tier == "managers":
        return ("change_agent",) if random.random() < 0.25 else ()
    return ("non_executive",) if tier == "board" and random.random() < 0.5 else ()


def _with_changes(random: Random, trust: Trust, person: Person, first: date, today: date) -> Person:
    """Some move team, some become managers, some are away for long."""
    spell, chance = person.spells[0], random.random()
    turn = months_after(first, random.randrange(3, MONTHS))
    if spell.end or spell.start >= turn or spell.tier != "frontline":
        return person
    if chance < 0.05:
        others = [p.code for p in trust.places if p.numbers.get("frontline") and p.code != spell.team]
        return _then(person, turn, replace(spell, team=random.choice(others), start=turn))
    if chance < 0.07:
        return _then(
            person, turn, replace(spell, tier="managers", overlays=(), start=turn, engagement="substantive")
        )
    if chance < 0.10:
        away = months_after(turn, random.randrange(4, 10)) - timedelta(days=1)
        return replace(person, leave=(turn, away))
    return person


def _then(person: Person, turn: date, later: Spell) -> Person:
    return replace(person, spells=(replace(person.spells[0], end=turn), later))


def staff_list(people: Iterable[Person], on: date) -> bytes:
    """The trust's staff list as it stood on a day, as the CSV that `import_staff` takes."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for person in people:
        if spell := person.spell_on(on):
            writer.writerow(_row(person, spell, on))
    return file.getvalue().encode()


def _row(person: Person, spell: Spell, on: date) -> tuple[object, ...]:
    leave = person.leave if person.leave and person.leave[0] <= on else ("", "")
    return (
        person.number,
        person.name,
        person.email,
        spell.team,
        spell.tier,
        "|".join(spell.overlays),
        spell.engagement,
        spell.start,
        "",
        person.first_nhs_day or "",
        *leave,
    )
