import csv
import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workforce.imports.faults import Fault, Refused
from workforce.imports.staff import KINDS, Summary, import_staff
from workforce.management.days import day
from workforce.models import Organisation

MOST_SHOWN = 50
HELP = """Take in an organisation's staff list. One wrong row, and nothing is stored.

A CSV file in UTF-8, with commas or semicolons, and these headings in any order:

  staff_number   the person's number in this organisation; needed
  name           needed
  email          blank for people who cannot sign in; they still count
  team_code      the team's code in this organisation; needed
  tier           board, managers, frontline, experts or patients; needed
  overlays       blank, or keys such as patient_facing, with | between two
  engagement     substantive (or blank), bank, agency, contractor or lay
  post_start     first day in the post; needed
  post_end       last day in the post, or blank
  first_nhs_day  first day of the first post in NHS-funded care, or blank
  leave_start    first day of leave, or blank
  leave_end      last day of leave, or blank

Dates are 2026-11-30 or 30/11/2026. Somebody with two posts has two rows. The list is the whole staff list: a
person or post that is not on it ends on its day (--on). docs/guide/staff-import.md has an example.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, metavar="CODE", help="ODS code, such as R0A")
        parser.add_argument("--on", type=day, help="day on which the list was true; today if not given")
        parser.add_argument(
            "--partial", action="store_true", help="only some of the staff: nobody else leaves"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would change and store nothing")
        parser.add_argument("--leavers-expected", action="store_true", help="more than a fifth did leave")
        parser.add_argument(
            "--errors", type=Path, metavar="FILE", help="write all that is wrong to this CSV file"
        )

    def handle(
        self, *, file: Path, organisation: str, dry_run: bool, errors: Path | None, **options: Any
    ) -> None:
        today = timezone.localdate()
        on = options["on"] or today
        if on > today:
            # Taken in, it would bar every list until then.
            raise CommandError(f"Nothing was stored. {on:%d/%m/%Y} has not come yet. Correct --on.")
        try:
            summary = import_staff(
                organisation=Organisation.objects.get(code=organisation),
                data=file.read_bytes(),
                on=on,
                partial=options["partial"],
                dry_run=dry_run,
                leavers_expected=options["leavers_expected"],
                file_name=os.fsencode(file.name).decode(errors="replace"),
            )
        except Organisation.DoesNotExist as error:
            raise CommandError(f"No organisation has the code {organisation}.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            self._refuse(refused.faults, errors)
        else:
            self._report(summary, dry_run)

    def _refuse(self, faults: list[Fault], errors: Path | None) -> None:
        lines = [f"Nothing was stored. {len(faults)} to put right:", *map(str, faults[:MOST_SHOWN])]
        if len(faults) > MOST_SHOWN:
            lines.append(f"… and {len(faults) - MOST_SHOWN} more. --errors FILE writes them all.")
        if errors is not None:
            lines.append(self._written(errors, faults))
        raise CommandError("\n".join(lines))

    def _written(self, errors: Path, faults: list[Fault]) -> str:
        try:
            _write(errors, faults)
        except OSError as error:
            return f"They could not be written to {errors}: {error.strerror}."
        return f"All are in {errors}."

    def _report(self, summary: Summary, dry_run: bool) -> None:
        self.stdout.write("Dry run: nothing was stored.\n" if dry_run else "Stored.\n")
        for what, count in summary.counts.items():
            self.stdout.write(f"  {what:30} {count:>7}")
        self.stdout.write("People in post on the day, by tier:")
        for tier, count in summary.tiers.items():
            self.stdout.write(f"  {tier:30} {count:>7}")
        for kind in KINDS[:3] if dry_run else ():
            self._list(kind, summary.people.get(kind, []))

    def _list(self, kind: str, numbers: list[str]) -> None:
        if numbers:
            more = f" … and {len(numbers) - MOST_SHOWN} more" if len(numbers) > MOST_SHOWN else ""
            self.stdout.write(f"{kind.capitalize()}: {', '.join(numbers[:MOST_SHOWN])}{more}")


def _write(path: Path, faults: list[Fault]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "column", "problem", "what to do"])
        writer.writerows([fault.row, fault.column, fault.problem, fault.remedy] for fault in faults)
