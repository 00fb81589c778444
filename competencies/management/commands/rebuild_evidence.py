from django.core.management.base import BaseCommand

from ...actions import rebuild_evidence


class Command(BaseCommand):
    help = "Throw away all evidence and holdings and derive them again from the record."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{rebuild_evidence()} rows of evidence, derived from the record.")
