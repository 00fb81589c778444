from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...actions import people_unlike_the_record, rebuild_evidence
from ...history.replaying import places_unlike_their_acts, portfolios_unlike_their_acts


class Command(BaseCommand):
    help = "Throw away all evidence and holdings and derive them again from the record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing: say whether evidence, holdings, plans and portfolios are as a rebuild gives them.",
        )

    def handle(self, *args: object, check: bool = False, **options: object) -> None:
        if check:
            self._check()
        else:
            self.stdout.write(f"{rebuild_evidence()} rows of evidence, derived from the record.")

    def _check(self) -> None:
        differing = {
            "people": people_unlike_the_record(),
            "places on plans": places_unlike_their_acts(),
            "portfolios": portfolios_unlike_their_acts(),
        }
        for what, ids in differing.items():
            if ids:
                self.stderr.write(f"{len(ids)} {what} differ, by id: {', '.join(map(str, ids[:20]))}")
        if any(differing.values()):
            raise CommandError(
                "What the tables say is not what the record gives. Run rebuild_evidence for people; "
                "for places and portfolios, restore a backup."
            )
        self.stdout.write("Everything is as the record and the acts give it.")
