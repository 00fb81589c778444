from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from workforce.models import User

from .models import Level, Practice, SecondReading, SelfAssessment


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


def name_and_room(person: User, free_from: datetime | None) -> str:
    """The name of somebody who could be asked, and from when they can confirm, if not now."""
    if free_from is None:
        return person.name
    return f"{person.name} (can confirm again from {date_format(timezone.localtime(free_from), 'j F')})"


class HandOverForm(forms.Form):
    """Who is asked from now on."""

    to = forms.ChoiceField(
        error_messages={"required": "Choose a person", "invalid_choice": "Choose a person"}
    )

    def __init__(
        self, people: Iterable[tuple[User, datetime | None]], *args: Any, label: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(user, name_and_room(user, free_from)) for user, free_from in people]
        self.people = {str(user.pk): user for user, _ in named}
        field = cast(forms.ChoiceField, self.fields["to"])
        field.label = label
        field.choices = [("", "Choose a person"), *((str(user.pk), name) for user, name in named)]

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


class SecondReadingForm(forms.Form):
    """Whether a second person would confirm it as well."""

    verdict = forms.ChoiceField(
        label="Would you confirm this?",
        choices=SecondReading.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you would confirm this"},
    )
    words = forms.CharField(
        label="What do you see differently, or the same? (optional)",
        help_text="Only the person who confirmed it sees your words. Leave out names.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )


class SessionForm(forms.Form):
    """A session of a team: what, when, and who was there."""

    title = forms.CharField(
        label="What did the team do?",
        max_length=200,
        error_messages={"required": "Write in a few words what the team did"},
    )
    day = forms.DateField(
        label="On which day?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the day", "invalid": "Enter a day, like 2026-11-22"},
    )
    present = forms.MultipleChoiceField(
        label="Who was there?",
        help_text="Only people who were there can be confirmed together.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who was there"},
    )

    def __init__(self, people: Iterable[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        field = cast(forms.MultipleChoiceField, self.fields["present"])
        field.choices = [(key, user.name) for key, user in self.people.items()]

    @property
    def who_was_there(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["present"]]


class SessionAnswerForm(forms.Form):
    """The answer to one person of a session."""

    CONFIRM, NOT_YET, LATER = "confirm", "not_yet", "later"

    decision = forms.ChoiceField(
        choices=[
            (CONFIRM, "I confirm this was done, and it answers each prompt"),
            (NOT_YET, "Not yet"),
            (LATER, "Leave out for now"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer, or leave it out for now"},
    )
    reason = forms.CharField(
        label="If not yet, what would make it a yes?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, practice: Practice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = str(practice.pk)
        self.practice = practice
        self.fields["decision"].label = f"Your answer to {practice.owner.name}"

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.NOT_YET and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", f"Say what would make it a yes for {self.practice.owner.name}")
        return cleaned

    @property
    def said(self) -> str:
        return str(self.cleaned_data["decision"])


class AppointmentForm(forms.Form):
    """Whom the board names to confirm the first practice, and why."""

    email = forms.EmailField(
        label="Email address of the person",
        help_text="They need an account, and work in your organisation.",
        error_messages={"required": "Enter their email address"},
    )
    start = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the first day", "invalid": "Enter a day, like 2026-11-22"},
    )
    reason = forms.CharField(
        label="Why the board names this person",
        help_text="Such as the day of the meeting, and what they have done. Everybody who may see this list sees it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write down why the board names this person", "max_length": TOO_LONG},
    )


class EndingForm(forms.Form):
    """Why an appointment ends early."""

    reason = forms.CharField(
        label="Why it ends",
        max_length=500,
        error_messages={"required": "Write down why it ends", "max_length": TOO_LONG},
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
