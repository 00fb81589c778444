"""What a person sends about their portfolio: an entry, and who reads it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils import timezone

from competencies.models import Practice
from competencies.portfolio.entries import EntryWords
from workforce.models import User

from .forms import TOO_LONG
from .portfolio import Words

LONGEST = 3000


def _words(**more: Any) -> forms.CharField:
    missing = more.pop("missing")
    return forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing, "max_length": TOO_LONG},
        **more,
    )


class EntryForm(forms.Form):
    """One thing that happened. With one prompt there is nothing to choose."""

    capability = forms.ChoiceField(
        label="Which question does it answer?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the question that it answers"},
    )
    on = forms.DateField(
        label="When was it?",
        help_text="The day it happened, or the last day if it took longer. For example, 27 3 2026.",
        error_messages={
            "required": "Enter the day",
            "invalid": "Enter a real day, such as 27 3 2026",
        },
    )
    whom = _words(missing="Say whom you led or coached")
    changed = _words(missing="Say what changed")
    learned = _words(missing="Say what you learned")
    practice = forms.ChoiceField(
        label="Does confirmed practice of yours belong to it? (optional)", required=False
    )

    def __init__(
        self,
        words: Words,
        prompts: Mapping[str, str],
        practice: Sequence[Practice],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        self.fields["on"].widget = forms.SelectDateWidget(years=range(this_year - 10, this_year + 1))
        for name in ("whom", "changed", "learned"):
            self.fields[name].label = getattr(words, name)
        self.fields["whom"].help_text = words.whom_hint
        self.fields["changed"].help_text = words.changed_hint
        self.only = next(iter(prompts)) if len(prompts) == 1 else ""
        self.pieces = {str(piece.pk): piece for piece in practice}
        if self.only:
            del self.fields["capability"]
        else:
            cast(forms.ChoiceField, self.fields["capability"]).choices = list(prompts.items())
        if practice:
            choices = [(key, piece.title) for key, piece in self.pieces.items()]
            cast(forms.ChoiceField, self.fields["practice"]).choices = [("", "None"), *choices]
        else:
            del self.fields["practice"]

    def clean_on(self) -> object:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("Enter a day that is not in the future")
        return on

    @property
    def entry(self) -> EntryWords:
        given = self.cleaned_data
        return EntryWords(
            capability_code=self.only or given["capability"],
            on=given["on"],
            whom=given["whom"],
            changed=given["changed"],
            learned=given["learned"],
            practice=self.pieces.get(given.get("practice", "")),
        )


class PanelForm(forms.Form):
    """The two people of a panel."""

    first = forms.ChoiceField(error_messages={"required": "Choose the first person"})
    second = forms.ChoiceField(error_messages={"required": "Choose the second person"})

    def __init__(self, people: Iterable[User], outside: Iterable[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        self.outside = {user.pk for user in outside}
        for name, label in (("first", "First person"), ("second", "Second person")):
            field = cast(forms.ChoiceField, self.fields[name])
            field.label = label
            field.choices = [("", "Choose a person"), *map(self._choice, self.people.items())]

    def _choice(self, person: tuple[str, User]) -> tuple[str, str]:
        key, user = person
        return key, f"{user.name}, outside your team" if user.pk in self.outside else user.name

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("first") and given.get("first") == given.get("second"):
            self.add_error("second", "Choose 2 different people")
        return given

    @property
    def members(self) -> tuple[User, User]:
        return self.people[self.cleaned_data["first"]], self.people[self.cleaned_data["second"]]
