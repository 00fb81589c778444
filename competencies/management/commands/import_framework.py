from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...actions.framework import EditionIsPublished, import_framework
from ...actions.framework_editors import set_up_framework_editors
from ...frameworks.source import BrokenFile

OURS = Path(__file__).parents[2] / "frameworks" / "safety-and-improvement-0.2.json"


class Command(BaseCommand):
    help = (
        "Load an edition of a capability framework from a JSON file: all of it, or nothing and the reasons."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=OURS, help="default: the edition shipped here"
        )

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            edition, new = import_framework(raw=file.read_bytes())
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
        except BrokenFile as error:
            reasons = "\n".join(f"  {file.name}, {mistake}" for mistake in error.mistakes)
            raise CommandError(f"{file.name} was not loaded; nothing was stored.\n{reasons}") from error
        except EditionIsPublished as error:
            raise CommandError(str(error)) from error
        set_up_framework_editors()
        counted = (
            f"{edition.capabilities.count()} capabilities, {edition.requirements.count()} expected levels"
        )
        self.stdout.write(f"{edition}: {counted}" if new else f"{edition}: already loaded, nothing to change")
