"""The two steps of planning a practice conversation."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from competencies.conversations.forms import DayForm
from workforce.models import User

from .conversation import Piece

CHANGED = "One of these can no longer be chosen. Look again at what there is"


class CoverForm(forms.Form):
    """What the conversation covers."""

    pieces = forms.MultipleChoiceField(
        label="Which practice do you want to go through?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHANGED},
    )
    talks = forms.MultipleChoiceField(
        label="What else do you want to talk about? (optional)",
        help_text="Nothing is confirmed for these. You can write down what you want to say.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHANGED},
    )

    def __init__(self, pieces: Iterable[Piece], talks: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.talk_names = talks
        complete = [piece for piece in pieces if piece.is_complete]
        cast(forms.MultipleChoiceField, self.fields["pieces"]).choices = [
            (piece.key, piece.activity.title) for piece in complete
        ]
        cast(forms.MultipleChoiceField, self.fields["talks"]).choices = list(talks.items())
        self.hints = {piece.key: _hint(piece) for piece in complete}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("pieces") and not cleaned.get("talks"):
            name = "pieces" if self.fields["pieces"].choices else "talks"  # type: ignore[attr-defined]
            self.add_error(name, "Choose at least one piece of practice, or a capability to talk about")
        return cleaned


def _hint(piece: Piece) -> str:
    names = " and ".join(piece.names)
    if piece.verifier:
        return f"For {names}. With {piece.verifier} now. If you choose somebody else, it is taken back from them."
    return f"For {names}. Not sent yet."


class WithWhomForm(DayForm):
    """With whom, and on which day."""

    confirmer = forms.ChoiceField(
        label="With whom do you talk?",
        help_text="These people may confirm all that you chose. Never a person you challenged.",
        error_messages={"required": "Choose a person", "invalid_choice": "Choose a person"},
    )
    field_order = ("confirmer", "day")

    def __init__(self, people: Iterable[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        cast(forms.ChoiceField, self.fields["confirmer"]).choices = [
            ("", "Choose a person"),
            *((key, user.name) for key, user in self.people.items()),
        ]

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["confirmer"]]
