import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning.actions import create_credential
from learning.models import Credential
from workforce.models import Organisation


class Command(BaseCommand):
    help = "Make a key and secret with which another system uses the record. The secret is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="Which system will hold it.")
        parser.add_argument(
            "--scope",
            dest="scopes",
            action="append",
            required=True,
            choices=Credential.Scope.values,
            help="What it may do. Give it once for each scope.",
        )
        parser.add_argument("--organisation", help="The ODS code of the only organisation it serves.")
        parser.add_argument("--gives-evidence", action="store_true", help="Its statements count as evidence.")
        parser.add_argument("--json", action="store_true", help="End with one line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            credential, secret = create_credential(
                name=options["name"],
                scopes=options["scopes"],
                organisation=self._organisation(options["organisation"]),
                gives_evidence=options["gives_evidence"],
            )
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        if options["json"]:
            self.stdout.write(json.dumps({"key": credential.key, "secret": secret}))
        else:
            self.stdout.write(
                f"Key: {credential.key}\nSecret: {secret}\nKeep the secret: it is not shown again."
            )

    def _organisation(self, code: str | None) -> Organisation | None:
        if code is None:
            return None
        try:
            return Organisation.objects.get(code=code)
        except Organisation.DoesNotExist:
            raise CommandError(f"There is no organisation with the code {code}.") from None
