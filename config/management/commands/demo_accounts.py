from django.core.management.base import BaseCommand

from config.demonstration import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Show the accounts of the demonstration."

    def handle(self, *args: object, **options: object) -> None:
        width = max(len(account.email) for account in ACCOUNTS)
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:<{width}}  {account.who}")
        self.stdout.write(f"  The password of each is {PASSWORD}")
