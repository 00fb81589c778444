from django.core.management.base import BaseCommand

from ...esr.naming import load_esr_names


class Command(BaseCommand):
    help = "Add the names of national learning in ESR that count here. Names that are there stay as they are."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{load_esr_names()} names added.")
