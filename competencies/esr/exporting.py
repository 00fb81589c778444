"""The file for ESR: what the staff of one organisation hold on a day, one row for each capability of a person.

It names nobody: people are staff numbers. It is read from the database a few thousand rows at a time, by one query,
so a large trust takes no more memory than a small one.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction

from workforce.models import Organisation

from ..coverage.exports import guarded
from ..coverage.queries import edition_in_force
from ..models import Edition, EsrExport, EsrProfile
from .columns import COLUMNS
from .spelling import competence_name, written

AT_A_TIME = 5_000
COMPLIANT = "Compliant"  # only what is current on the day is in the file
_HELD = Path(__file__).with_name("held.sql").read_text(encoding="utf-8")


class CannotExport(Exception):
    """An organisation has no file for ESR yet. Says what to do."""


@dataclass(frozen=True)
class Written:
    rows: int
    digest: str


def file_name(organisation: Organisation, on: date) -> str:
    return f"esr-{organisation.code}-{on.isoformat()}.csv"


@transaction.atomic
def write_esr(*, organisation: Organisation, on: date, file: IO[bytes]) -> Written:
    """Write the file for ESR. Raises `CannotExport` before anything is written."""
    profile = EsrProfile.objects.filter(organisation=organisation).first()
    if profile is None:
        raise CannotExport(
            f"{organisation} has no ESR profile. Give its 3-digit VPD in the administration site, under ESR profiles."
        )
    edition = edition_in_force(organisation, on)
    if edition is None:
        raise CannotExport(
            f"{organisation} has adopted no edition of the capability framework for {on:%d/%m/%Y}. Adopt one first."
        )
    digest, lines = hashlib.sha256(), 0
    for line in _lines(profile, edition, on):
        digest.update(line)
        file.write(line)
        lines += 1
    return Written(lines - 1, digest.hexdigest())  # the headings are no row


def _lines(profile: EsrProfile, edition: Edition, on: date) -> Iterator[bytes]:
    """The headings, then each row. With a byte order mark, by which Excel knows UTF-8."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    for row in _held(profile, edition, on):
        yield _line([guarded(cell) for cell in _cells(profile.vpd, *row)])


def _held(profile: EsrProfile, edition: Edition, on: date) -> Iterator[tuple[Any, ...]]:
    values: dict[str, int | date] = {"organisation": profile.organisation_id, "edition": edition.pk, "on": on}
    with connection.chunked_cursor() as cursor:
        cursor.execute(_HELD, values)
        while rows := cursor.fetchmany(AT_A_TIME):
            yield from rows


def _cells(
    vpd: str,
    staff_number: str,
    code: str,
    name: str,
    level: int,
    label: str,
    validity_months: int | None,
    since: date,
    awarded: date,
    until: date | None,
) -> list[str]:
    return [
        staff_number,
        competence_name(vpd, code, name, validity_months),
        f"{level} - {label}",
        f"{name}, level {level}",
        written(since),
        written(awarded),
        written(until),
        settings.SERVICE_NAME,
        vpd,
        COMPLIANT,
    ]


def _line(cells: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def keep_history(
    *, organisation: Organisation, on: date, way: str, written: Written, by: Any = None, name: str = ""
) -> EsrExport:
    return EsrExport.objects.create(
        organisation=organisation,
        on=on,
        way=way,
        file_name=name or file_name(organisation, on),
        rows=written.rows,
        digest=written.digest,
        exported_by=by,
    )
