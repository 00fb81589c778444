import gzip
import os
import sys
from argparse import ArgumentTypeError
from datetime import datetime
from io import BufferedIOBase
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone
from rich.console import Console
from rich.status import Status

from learning.models import Statement
from learning.queries import consistent_through
from learning.queries.walking import as_line, statements_of, walk
from workforce.models import Organisation


class Command(BaseCommand):
    requires_system_checks = ()  # they read in every page of the site, which takes longer than the work itself
    help = (
        "Write statements as JSON lines, in the order in which they were stored, voided ones too. What others are "
        "storing at this moment is left for the next time. Attached files and documents are not among them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            default="-",
            help="where to; compressed if it ends in .gz; else standard output",
        )
        parser.add_argument("--since", type=_moment, help="stored after this day or time")
        parser.add_argument("--until", type=_moment, help="stored at this time or before")
        parser.add_argument(
            "--organisation", metavar="CODE", help="of this organisation's people and systems"
        )

    def handle(self, *, file: str, organisation: str | None, **options: Any) -> None:
        statements = _chosen(options["since"], options["until"], organisation)
        part = Path(f"{file}.part")
        try:
            if file == "-":
                count = _write(statements, sys.stdout.buffer)
            else:
                with _opened(part, file) as out:
                    count = _write(statements, out)
                os.replace(part, file)  # a file of this name is always whole
        except BrokenPipeError:
            # Whoever reads, such as `head`, has enough; nothing more may be written there.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise CommandError("Stopped, because nobody reads on.") from None
        self.stderr.write(f"Exported {count} statements.")


def _write(statements: QuerySet[Statement], out: IO[bytes] | BufferedIOBase) -> int:
    count = 0
    with Status("Exporting …", console=Console(stderr=True)) as status:
        for payloads in walk(statements):
            out.write("".join(f"{as_line(payload)}\n" for payload in payloads).encode())
            count += len(payloads)
            status.update(f"Exported {count:,} …")
    out.flush()
    return count


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("give a day or a time, such as 2026-03-01 or 2026-03-01T09:30:00Z") from None
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _chosen(since: datetime | None, until: datetime | None, code: str | None) -> QuerySet[Statement]:
    statements = Statement.objects.all()
    if code:
        organisation = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise CommandError(f"There is no organisation with the code {code}.")
        statements = statements_of(organisation)
    if since:
        statements = statements.filter(stored__gt=since)
    through = consistent_through()
    return statements.filter(stored__lte=min(until, through) if until else through)


def _opened(part: Path, file: str) -> BufferedIOBase:
    try:
        return gzip.open(part, "wb", compresslevel=6) if file.endswith(".gz") else open(part, "wb")
    except OSError as error:
        raise CommandError(f"{part} cannot be written: {error.strerror}.") from error
