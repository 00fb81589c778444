from collections.abc import Iterable
from typing import Any, cast

from django import forms

from workforce.models import User

from .models import Level, SelfAssessment


class DecisionForm(forms.Form):
    """Confirm practice, or say what would make it a yes."""

    CONFIRM, NOT_YET = "confirm", "not_yet"

    decision = forms.ChoiceField(
        label="What do you want to say?",
        choices=[(CONFIRM, "I confirm this was done, and it answers each prompt"), (NOT_YET, "Not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you confirm this, or say not yet"},
    )
    reason = forms.CharField(
        label="If not yet, what would make it a yes?",
        help_text="One or two sentences. The person sees your words and can try again.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.NOT_YET and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", "Say what would make it a yes")
        return cleaned


TOO_LONG = "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s"


class WordsForm(forms.Form):
    """What one of the two people writes to the other about a piece of practice."""

    words = forms.CharField(
        help_text="Only the two of you can see this. Leave out names.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, label: str, missing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.label = label
        field.error_messages["required"] = missing


class HandOverForm(forms.Form):
    """Who is asked from now on."""

    to = forms.ChoiceField(
        error_messages={"required": "Choose a person", "invalid_choice": "Choose a person"}
    )

    def __init__(self, people: Iterable[User], *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        field = cast(forms.ChoiceField, self.fields["to"])
        field.label = label
        field.choices = [("", "Choose a person"), *((key, user.name) for key, user in self.people.items())]

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["to"]]


class PassOnForm(HandOverForm):
    """Somebody else who may confirm it, and why it goes to them."""

    note = forms.CharField(
        label="Why you pass it on (optional)",
        help_text="The person who wrote this, and the next one asked, see your words.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )


class SelfAssessmentForm(forms.Form):
    """Where a person puts themself on one capability: a level of the edition or none, and how confident they are."""

    NONE = "none"

    level = forms.TypedChoiceField(
        label="Which level fits you today?",
        coerce=lambda value: None if value == SelfAssessmentForm.NONE else int(value),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the level that fits you, or “None of these yet”"},
    )
    confidence = forms.TypedChoiceField(
        label="How confident do you feel with it at work?",
        coerce=int,
        choices=SelfAssessment.Confidence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how confident you feel"},
    )
    comment = forms.CharField(
        label="Anything you want to remember (optional)",
        help_text="Leave out names, and anything that could tell who a patient or a colleague is.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s"
        },
    )

    def __init__(self, levels: Iterable[Level], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [level for level in levels if level.number > 0]
        field = cast(forms.TypedChoiceField, self.fields["level"])
        field.choices = [
            (self.NONE, "None of these yet"),
            *((str(level.number), f"Level {level.number}: {level.label}") for level in levels),
        ]
        self.meanings = {str(level.number): level.meaning for level in levels}
