from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from workforce.imports.faults import Refused
from workforce.imports.organisations import COLUMNS, import_organisations, import_successions

REFERENCE = Path(__file__).resolve().parents[2] / "reference"


class Command(BaseCommand):
    help = (
        "Take in organisations by their ODS code, with the days on which codes opened and closed. "
        f"A CSV file with the columns {', '.join(COLUMNS)}. The same file again changes nothing; "
        "a code that is gone from the file is kept; one wrong row and nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=REFERENCE / "organisations.csv")
        parser.add_argument(
            "--successions", type=Path, help="CSV of old code, new code and the day it carried on."
        )

    @transaction.atomic
    def handle(self, *, file: Path, successions: Path | None, **options: Any) -> None:
        if file.parent == REFERENCE:
            successions = successions or REFERENCE / "successions.csv"
        try:
            counts = import_organisations(data=file.read_bytes())
            carried_on = import_successions(data=successions.read_bytes()) if successions else 0
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            lines = "\n".join(str(fault) for fault in refused.faults)
            raise CommandError(
                f"Nothing was stored. {len(refused.faults)} to put right:\n{lines}"
            ) from refused
        self.stdout.write(
            f"{counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged, "
            f"{counts.not_in_file} kept that are not in the file, {carried_on} new successions."
        )
