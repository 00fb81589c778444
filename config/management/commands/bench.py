from importlib import import_module

from django.conf import settings
from django.core.management import BaseCommand


class Command(BaseCommand):
    """Each tests/bench_*.py has a `bench()` that yields names and seconds, and takes back what it stored."""

    help = "Measure the parts that must be fast, on the current database."

    def handle(self, *args: object, **options: object) -> None:
        for path in sorted((settings.BASE_DIR / "tests").rglob("bench_*.py")):
            module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            for name, seconds in import_module(module).bench():
                self.stdout.write(f"{seconds:9.2f} s  {name}")
