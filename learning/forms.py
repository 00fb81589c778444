from contextlib import suppress
from datetime import datetime, time, timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from workforce.models import Organisation

from . import verbs
from .keys import key_of
from .models import Actor, Credential, Statement
from .queries.walking import statements_of
from .xapi.actors import account_key

OWN = "own"


class StatementFilter(forms.Form):
    """What an auditor looks for. Every field may be left empty."""

    actor = forms.CharField(
        required=False,
        label="Who did it",
        help_text="The name of an account of this service, an e-mail address, or a whole identifier.",
    )
    verb = forms.CharField(
        required=False, help_text="As an IRI.", widget=forms.TextInput(attrs={"list": "known-verbs"})
    )
    activity = forms.CharField(required=False, help_text="The IRI of what it was done with.")
    registration = forms.UUIDField(required=False)
    statement = forms.UUIDField(required=False, label="Statement's id")
    credential = forms.ChoiceField(required=False, label="Written by")
    organisation = forms.CharField(
        required=False,
        label="Organisation's code",
        help_text="What its people did, and what its systems wrote.",
    )
    since = forms.DateField(
        required=False, label="Stored from", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(required=False, label="Stored to", widget=forms.DateInput(attrs={"type": "date"}))
    voided = forms.ChoiceField(
        required=False, choices=[("", "Standing and voided"), ("no", "Standing"), ("yes", "Voided")]
    )

    known_verbs = sorted(verbs.DISPLAY)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        systems = [(str(pk), name) for pk, name in Credential.objects.values_list("pk", "name")]
        field = self.fields["credential"]
        field.choices = [("", "Anybody"), (OWN, "This system itself"), *systems]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation | None:
        code = self.cleaned_data["organisation"]
        if not code:
            return None
        organisation = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise forms.ValidationError(f"There is no organisation with the code {code}.")
        return organisation

    def found(self) -> QuerySet[Statement]:
        """The statements that match a form that is valid."""
        asked = self.cleaned_data
        organisation = asked["organisation"]
        found = statements_of(organisation) if organisation else Statement.objects.all()
        if asked["actor"]:
            found = found.filter(actor__in=_actors(asked["actor"]))
        if asked["activity"]:
            found = found.filter(activity=key_of(asked["activity"]))
        if asked["credential"]:
            found = found.filter(credential=None if asked["credential"] == OWN else asked["credential"])
        if asked["voided"]:
            found = found.filter(voided_by__isnull=asked["voided"] == "no")
        if asked["since"]:
            found = found.filter(stored__gte=_midnight(asked["since"]))
        if asked["until"]:
            found = found.filter(stored__lt=_midnight(asked["until"] + timedelta(days=1)))
        exact = {"verb": asked["verb"], "registration": asked["registration"], "pk": asked["statement"]}
        return found.filter(**{name: value for name, value in exact.items() if value})


def _actors(text: str) -> list[UUID]:
    """Those whom a text can mean. Looked up first: a query by one actor is read from an index, in order."""
    spelled = (text, account_key(settings.IRI_BASE, text), f"mbox|{text}", f"mbox|mailto:{text}")
    meant = [key_of(identifier) for identifier in spelled]
    with suppress(ValueError):  # or an actor's id, by which other screens name one
        meant.append(UUID(text))
    return list(Actor.objects.filter(pk__in=meant).values_list("pk", flat=True))


def _midnight(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))  # type: ignore[arg-type]
