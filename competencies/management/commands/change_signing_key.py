from typing import Any

from django.core.management.base import BaseCommand

from ...passport.actions import change_signing_key


class Command(BaseCommand):
    help = "Sign badges with a fresh key from now on. What was signed before stays good."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Badges are now signed with the key {change_signing_key().uuid}.")
