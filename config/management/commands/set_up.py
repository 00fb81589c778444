import io
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from config.local.places import VAR
from workforce.models import Organisation, User

LOADS = ("import_framework", "load_esr_names", "import_organisations", "import_curriculum")


class Command(BaseCommand):
    """Everything between an empty database and a site that works. Each step may be run again at any time."""

    help = "Migrate, load the framework, organisations and curriculum, and the demonstration where it is on."

    def handle(self, *args: object, **options: object) -> None:
        self._step("migrate", interactive=False)
        for load in LOADS:
            self._step(load)
        if settings.DEMONSTRATION:
            self._load_demonstration()
        self._step("collectstatic", interactive=False)

    def _load_demonstration(self) -> None:
        if User.objects.exists() and not Organisation.objects.filter(is_invented=True).exists():
            raise CommandError("This database holds real accounts. Set DEMONSTRATION=0 to serve it.")
        self._step("load_demo")
        with (VAR / "demonstration-accounts.txt").open("w") as file:
            call_command("demo_accounts", stdout=file)

    def _step(self, command: str, **options: object) -> None:
        started = time.monotonic()
        self.stdout.write(f"  {command} … ", ending="")
        self.stdout.flush()
        call_command(command, verbosity=0, stdout=io.StringIO(), **options)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
