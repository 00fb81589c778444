from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from ..forms import TOO_LONG
from ..models import ConversationItem, PracticeConversation
from .queries import Covered

Outcome = ConversationItem.Outcome
LONGEST = 10_000
NOT_A_DAY = {"required": "Enter a day", "invalid": "Enter a real day, such as 31 March 2026"}


def day_field(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=NOT_A_DAY, **more)


class DayForm(forms.Form):
    """For which day a conversation is planned."""

    day = day_field("Which day is it?")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError("Choose today or a day to come")
        return day


class OutcomeForm(forms.Form):
    """What came of one thing that was talked through. It may be left open until later."""

    outcome = forms.ChoiceField(label="What do you want to say?", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="If not yet, what would make it a yes?",
        help_text="One or two sentences. The person sees your words and can try again.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, covered: Covered, data: QueryDict | None = None) -> None:
        item = covered.item
        super().__init__(data, prefix=f"item-{item.pk}", initial={"outcome": item.outcome})
        self.covered = covered
        choices = [(Outcome.TALKED.value, "We talked about it, and I confirm nothing")]
        if item.practice is not None:
            choices = [
                (Outcome.CONFIRMED.value, "I confirm this was done, and it answers each prompt"),
                (Outcome.NOT_YET.value, "Not yet"),
                *choices,
            ]
        else:
            del self.fields["reason"]
        field = cast(forms.ChoiceField, self.fields["outcome"])
        field.choices = choices
        field.label = f"What do you want to say about “{covered.title}”?"

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == Outcome.NOT_YET and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", "Say what would make it a yes")
        return cleaned

    @property
    def says_something_new(self) -> bool:
        return bool(self.cleaned_data.get("outcome")) and (
            self.cleaned_data["outcome"] != self.covered.item.outcome
        )


QUESTIONS = {
    "learned": "What did you learn from it?",
    "changed": "What do you do differently or better now?",
    "relevance": "Why does it matter for your work and for the code of your profession?",
}


class AccountForm(forms.Form):
    """The person's own words: for their reflective account, and about what they want to talk through."""

    def __init__(
        self, conversation: PracticeConversation, talked: list[Covered], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.talked = {f"talk-{each.item.pk}": each for each in talked}
        for name, each in self.talked.items():
            hint = "The person you talk with sees this until the conversation has ended. Leave out names."
            self._add(name, f"What do you want to say about “{each.title}”?", each.item.words, hint)
        for name, label in QUESTIONS.items():
            self._add(name, label, getattr(conversation, name), "Only you see this. Leave out names.")

    def _add(self, name: str, label: str, initial: str, hint: str) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            help_text=hint,
            initial=initial,
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 5}),
            error_messages={"max_length": TOO_LONG},
        )

    @property
    def account(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in QUESTIONS}

    @property
    def words(self) -> dict[int, str]:
        return {each.item.pk: self.cleaned_data[name] for name, each in self.talked.items()}


class PeriodForm(forms.Form):
    """From which day to which; without words, the last 3 years, which is how often most people revalidate."""

    start = day_field("From")
    end = day_field("To")

    @staticmethod
    def usual() -> dict[str, str]:
        today = timezone.localdate()
        return {"start": (today - timedelta(days=3 * 365)).isoformat(), "end": today.isoformat()}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add_error("end", "Choose a day that is not before the first")
        return cleaned
