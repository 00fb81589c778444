import gzip
import hashlib
import sys
import zlib
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from learning.actions.importing import Line, Outcome, import_credential, import_lines
from learning.models import Credential, FileImport

BATCH_LINES, BATCH_BYTES = 500, 4 * 1024 * 1024
GZIP = b"\x1f\x8b"
HELP = """Take statements in from files of JSON lines, plain or compressed with gzip; - is standard input.

A statement that is here already does no harm and is counted. A line that cannot be kept is told with its number and
the rule, everything else is kept, and the command then ends with an error. After an interruption, run it again: a
file goes on where it stopped, known by its content. Standard input begins anew, which is slower and does no harm.

The time at which a statement happened is kept; when it was stored, and who vouches for it, the record says anew.
"""


class Command(BaseCommand):
    requires_system_checks = ()  # they read in every page of the site, which takes longer than the work itself
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--credential",
            metavar="KEY",
            help="the credential that vouches for them; else this system's import",
        )
        parser.add_argument("--dry-run", action="store_true", help="try everything and keep nothing")
        parser.add_argument(
            "--from-start", action="store_true", help="forget where an import was interrupted"
        )

    def handle(self, *, files: list[str], dry_run: bool, from_start: bool, **options: Any) -> None:
        missing = [name for name in files if name != "-" and not Path(name).is_file()]
        if missing:
            raise CommandError(f"There is no file {missing[0]}.")
        credential = _credential(options["credential"])
        refused = 0
        for name in files:
            digest = None if name == "-" or dry_run else _digest(name)
            if from_start:
                FileImport.objects.filter(digest=digest).delete()
            refused += self._import(name, digest, credential, dry_run)
        if refused:
            raise CommandError(
                f"Lines refused: {refused}. Everything else {'could be' if dry_run else 'was'} kept."
            )

    def _import(self, name: str, digest: str | None, credential: Credential, is_dry_run: bool) -> int:
        """Returns how many lines of the file were refused."""
        place = _place(digest)
        done, earlier = (place.lines, place.refused) if place else (0, 0)
        if done:
            self.stderr.write(f"{name}: going on after line {done}, of which {earlier} lines were refused.")
        total = Outcome()
        try:
            for batch in _batches(name, done):
                outcome = import_lines(lines=batch, credential=credential, place=place, is_dry_run=is_dry_run)
                for refusal in outcome.refused:
                    self.stderr.write(f"{name}, line {refusal.line}: {refusal.why}")
                total.new, total.known = total.new + outcome.new, total.known + outcome.known
                total.refused += outcome.refused
                done = batch[-1].number
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise CommandError(
                f"{name} is damaged after line {done}. What stands before it was kept."
            ) from None
        except KeyboardInterrupt:
            raise CommandError(
                f"Interrupted after line {done} of {name}. Run it again to go on.", returncode=130
            ) from None
        if place and place.pk:
            place.delete()
        refused = earlier + len(total.refused)
        self.stdout.write(f"{name}: {total.new} new, {total.known} here already, {refused} refused.")
        return refused


def _credential(key: str | None) -> Credential:
    if key is None:
        return import_credential()
    credential = Credential.objects.filter(key=key, revoked_at__isnull=True).first()
    if credential is None or not credential.allows(Credential.Scope.WRITE, Credential.Scope.ALL):
        raise CommandError(f"There is no credential in force with the key {key} that may write statements.")
    return credential


def _digest(name: str) -> str:
    with open(name, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(digest: str | None) -> FileImport | None:
    if digest is None:
        return None
    return FileImport.objects.filter(digest=digest).first() or FileImport(digest=digest)


def _batches(name: str, done: int) -> Iterator[list[Line]]:
    """What follows line `done`, in batches."""
    batch: list[Line] = []
    size = 0
    for line in _lines(name):
        if line.number <= done:
            continue
        batch.append(line)
        size += len(line.text)
        if len(batch) == BATCH_LINES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _lines(name: str) -> Iterator[Line]:
    """Every line with its number, while a bar on the terminal shows how far in the file it is."""
    with ExitStack() as opened:
        raw = sys.stdin.buffer if name == "-" else opened.enter_context(open(name, "rb"))
        total = None if name == "-" else Path(name).stat().st_size
        progress = opened.enter_context(_progress())
        task = progress.add_task(name, total=total)
        text: Iterable[bytes] = raw
        if isinstance(raw, BufferedReader) and raw.peek(2)[:2] == GZIP:
            text = opened.enter_context(gzip.open(raw))
        for number, line in enumerate(text, start=1):
            if number % BATCH_LINES == 0:
                progress.update(task, completed=raw.tell() if total else number)
            yield Line(number, line)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
