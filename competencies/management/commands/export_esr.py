from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workforce.models import Organisation

from ...esr.exporting import CannotExport, keep_history
from ...esr.folder import write_whole
from ...models import EsrExport


class Command(BaseCommand):
    help = "Write what the staff of an organisation hold to a CSV file for ESR, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, metavar="CODE", help="ODS code, such as R0A")

    def handle(self, *, file: Path, organisation: str, **options: object) -> None:
        on = timezone.localdate()
        try:
            whose = Organisation.objects.get(code=organisation)
            written = write_whole(organisation=whose, on=on, target=file)
        except Organisation.DoesNotExist as error:
            raise CommandError(f"No organisation has the code {organisation}.") from error
        except CannotExport as reason:
            raise CommandError(str(reason)) from reason
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        keep_history(
            organisation=whose, on=on, way=EsrExport.Way.COMMAND, written=written, name=file.name[-200:]
        )
        self.stdout.write(f"{file}: {written.rows:,} rows.")
