from collections.abc import Sequence
from typing import Any

from django import forms

from .queries import PassportEntry

DAYS = ((7, "7 days"), (14, "14 days"), (30, "30 days"))
LONGEST_BADGE = 20_000


class BadgesForm(forms.Form):
    """How badges are signed."""

    with_name = forms.BooleanField(
        label="Put my name in them",
        help_text="Without it, a badge holds a random number only.",
        required=False,
    )


class ShareForm(forms.Form):
    """What a shared page shows, and for how long."""

    capabilities = forms.MultipleChoiceField(
        label="What do you want to show?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one capability to show",
            "invalid_choice": "You no longer hold one of these. Choose again",
        },
    )
    shows_name = forms.BooleanField(label="Show my name on the page", required=False)
    days = forms.TypedChoiceField(
        label="When should the link end?",
        help_text="You can end it sooner at any time.",
        choices=DAYS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when the link ends"},
    )

    def __init__(self, held: Sequence[PassportEntry], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["capabilities"].choices = [  # type: ignore[attr-defined]
            (one.capability.pk, f"{one.wording.name}, level {one.level.number}") for one in held
        ]


class CheckForm(forms.Form):
    """A badge that somebody was shown."""

    badge = forms.CharField(
        label="The badge",
        help_text="Open the badge file as text, and copy all of it. It begins with “eyJ”.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Copy the badge into the box"},
    )

    def clean_badge(self) -> str:
        """Mail and word processors break long lines."""
        badge = "".join(self.cleaned_data["badge"].split())
        if len(badge) > LONGEST_BADGE:
            raise forms.ValidationError("This is too long to be one of our badges. Copy one badge only")
        return badge
