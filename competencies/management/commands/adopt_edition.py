from argparse import ArgumentParser
from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from workforce.management.days import day
from workforce.models import Organisation

from ...actions import adopt_edition
from ...models import Edition


class Command(BaseCommand):
    help = "An organisation joins, or goes by another edition of the capability framework from a day on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", metavar="CODE", help="ODS code, such as R0A")
        parser.add_argument("--edition", metavar="VERSION", help="default: the newest that is published")
        parser.add_argument("--on", type=day, help="first day, as YYYY-MM-DD; default: today")

    @transaction.atomic
    def handle(self, *, organisation: str, edition: str | None, on: date | None, **options: object) -> None:
        on = on or timezone.localdate()
        adopter = Organisation.objects.filter(code=organisation).first()
        if adopter is None:
            raise CommandError(
                f"There is no organisation {organisation}. Load it with import_organisations first."
            )
        published = Edition.objects.filter(state=Edition.State.PUBLISHED)
        chosen = published.filter(version=edition) if edition else published.order_by("dated", "version")
        if not chosen.exists():
            known = ", ".join(published.values_list("version", flat=True)) or "none is loaded yet"
            raise CommandError(f"There is no published edition {edition or ''}. Published: {known}.")
        try:
            adoption = adopt_edition(organisation=adopter, edition=chosen.reverse()[0], on=on)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        if adopter.joined is None or adopter.joined > on:
            adopter.joined = on
            adopter.save(update_fields=["joined"])
        self.stdout.write(f"{adoption} from {on:%-d %B %Y}.")
