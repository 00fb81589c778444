import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from workforce.imports.faults import Refused
from workforce.models import Organisation

from ...esr.importing import import_esr

MOST_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Take in what a CSV file from ESR says that people learned elsewhere: levels 1 and 2, under the names that "
        "count here. One wrong row, and nothing is stored. A file that comes again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, metavar="CODE", help="ODS code, such as R0A")
        parser.add_argument("--dry-run", action="store_true", help="show what would count and store nothing")

    def handle(self, *, file: Path, organisation: str, dry_run: bool, **options: object) -> None:
        try:
            summary = import_esr(
                organisation=Organisation.objects.get(code=organisation),
                data=file.read_bytes(),
                file_name=os.fsencode(file.name).decode(errors="replace"),
                dry_run=dry_run,
            )
        except Organisation.DoesNotExist as error:
            raise CommandError(f"No organisation has the code {organisation}.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            lines = [f"Nothing was stored. {len(refused.faults)} to put right:"]
            lines += map(str, refused.faults[:MOST_SHOWN])
            if len(refused.faults) > MOST_SHOWN:
                lines.append(f"… and {len(refused.faults) - MOST_SHOWN} more.")
            raise CommandError("\n".join(lines)) from refused
        if dry_run:
            self.stdout.write("Dry run: nothing was stored.")
        else:
            self.stdout.write("Stored." if summary.esr_import else "Nothing is new, so nothing was stored.")
        for kind, count in summary.plan.counts.items():
            self.stdout.write(f"  {kind:30} {count:>7}")
