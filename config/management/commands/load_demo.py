from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from competencies.models import Edition
from config.demonstration.learning import record_learning
from config.demonstration.places import build_trusts
from config.demonstration.stories import tell_stories
from curriculum.models import ModuleVersion
from workforce.management.days import day
from workforce.models import Organisation


class Command(BaseCommand):
    help = "Make the demonstration: two invented trusts with 18 months of history. All of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today",
            type=day,
            help="the day on which the history ends (YYYY-MM-DD); the same day gives the same demonstration",
        )

    def handle(self, *, today: date | None, **options: object) -> None:
        if Organisation.objects.filter(is_invented=True).exists():
            self.stdout.write("The demonstration is already here.")
            return
        if not Edition.objects.exists() or not ModuleVersion.objects.exists():
            raise CommandError("Run import_framework and import_curriculum first.")
        today = today or timezone.localdate()
        with transaction.atomic():
            people = build_trusts(today)
            record_learning(people, today)
            tell_stories(today)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"Two invented trusts, with their history up to {today:%-d %B %Y}.")
