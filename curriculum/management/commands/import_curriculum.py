from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...actions.importing import import_curriculum
from ...importing import BrokenSource


class Command(BaseCommand):
    help = "Load programmes, modules, activities, roles, words and facts from curriculum/content. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything and say what would change"
        )
        parser.add_argument(
            "--overwrite",
            metavar="KEY",
            nargs="+",
            default=[],
            help="take these from the source although they were edited on the site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_curriculum(overwrite=options["overwrite"], dry_run=options["dry_run"])
        except BrokenSource as broken:
            raise CommandError(f"The curriculum cannot be loaded. Nothing was stored.\n{broken}") from broken
        would = "Would be" if options["dry_run"] else "Were"
        self.stdout.write(
            f"{would} made: {len(report.made)}; changed: {len(report.changed)}; the same: {report.same}."
        )
        for key in report.kept:
            self.stdout.write(
                f"{key}: kept as edited on the site, although its source has changed. "
                f"To take the source: --overwrite {key}"
            )
