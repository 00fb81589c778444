"""How long a staff list of 20,000 rows takes: first, unchanged, and with movers and leavers."""

import csv
import io
import time
from collections.abc import Iterator
from datetime import date

from django.db import transaction

from workforce.imports.staff import import_staff
from workforce.imports.staff_rows import COLUMNS
from workforce.models import Organisation, Overlay, Team, Tier

from .figures import ROUNDS, Figure, at_most

ROWS = 20_000
LIMIT = 60.0  # seconds for the first import
TEAMS = 400


def bench(rows: int = ROWS, rounds: int = ROUNDS) -> Iterator[Figure]:
    """On the current database; all of it is taken back."""
    names = (f"staff list, {rows:,} joiners", "the same list again", f"a tenth moved and {rows // 40} left")
    found = [_imports(rows) for _ in range(rounds)]
    for number, name in enumerate(names):
        values = [seconds[number] for seconds in found]
        targets = [] if number else [at_most(LIMIT)]
        yield Figure(name, "import of a staff list", "s", values, (), targets)


def _imports(rows: int) -> list[float]:
    lists = (
        _list(date(2026, 1, 1), shift=0, rows=rows),
        _list(date(2026, 1, 1), shift=0, rows=rows),
        _list(date(2026, 2, 1), shift=1, rows=rows - rows // 40),
    )
    seconds = []
    with transaction.atomic():
        organisation = _organisation()
        for number, data in enumerate(lists):
            start = time.perf_counter()
            import_staff(organisation=organisation, data=data, on=date(2026, 2, 1 + number))
            seconds.append(time.perf_counter() - start)
        transaction.set_rollback(True)
    return seconds


def _organisation() -> Organisation:
    organisation = Organisation.objects.create(
        code="ZBENCH", name="Bench", opened=date(2000, 1, 1), is_invented=True
    )
    Team.objects.bulk_create(
        Team(organisation=organisation, code=f"T{number}", name=f"Team {number}") for number in range(TEAMS)
    )
    tier, _ = Tier.objects.get_or_create(key="frontline", defaults={"label": "Frontline", "order": 90})
    overlay, _ = Overlay.objects.get_or_create(key="patient_facing", defaults={"label": "Sees patients"})
    overlay.tiers.add(tier)
    return organisation


def _list(moved_on: date, *, shift: int, rows: int) -> bytes:
    """Invented people; with `shift`, every tenth is in the next team since `moved_on`."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for number in range(rows):
        moves = shift and number % 10 == 0
        team = f"T{(number + (shift if moves else 0)) % TEAMS}"
        start = moved_on if moves else date(2020, 1, 1 + number % 28)
        overlay = "patient_facing" if number % 2 else ""
        address = f"person{number}@bench.example"
        writer.writerow(
            [f"{number:08}", f"Person {number}", address, team, "frontline", overlay, "", start, *[""] * 4]
        )
    return file.getvalue().encode()
