"""What a capability lead fills in to ask something on top of the national edition."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from workforce.models import Organisation, Overlay, Tier

from ..models import EditionCapability, Level
from .actions import Addition

TOO_LONG = "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s"
LONGEST_GRACE = 1095


class AdditionForm(forms.Form):
    """`tiers`, `overlays`, `capabilities` and `levels` are what the organisation and its edition know."""

    who = forms.ChoiceField(
        label="Who is it for?",
        error_messages={"required": "Choose who it is for", "invalid_choice": "Choose from the list"},
    )
    capability = forms.ChoiceField(
        label="Which capability?",
        error_messages={"required": "Choose a capability", "invalid_choice": "Choose from the list"},
    )
    level = forms.TypedChoiceField(
        label="At which level?",
        help_text="It must be above what the national edition asks of these people.",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level", "invalid_choice": "Choose a level from the list"},
    )
    grace_days = forms.IntegerField(
        label="How many days do people have to learn it?",
        help_text="Nobody is asked for it earlier than so many days from today.",
        min_value=1,
        max_value=LONGEST_GRACE,
        error_messages={
            "required": "Enter a number of days",
            "invalid": "Enter a whole number of days",
            "min_value": "Enter 1 day or more",
            "max_value": f"Enter {LONGEST_GRACE} days or fewer",
        },
    )
    reason = forms.CharField(
        label="Why do you ask this?",
        help_text="Everybody whom it concerns can read this.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why you ask this", "max_length": TOO_LONG},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        organisation: Organisation,
        tiers: Sequence[Tier],
        overlays: Sequence[Overlay],
        capabilities: Sequence[EditionCapability],
        levels: Sequence[Level],
    ) -> None:
        super().__init__(data, initial={"grace_days": 365})
        self.organisation = organisation
        self._tiers = {f"tier-{tier.key}": tier for tier in tiers}
        self._overlays = {f"overlay-{overlay.key}": overlay for overlay in overlays}
        self._capabilities = {one.capability.code: one.capability for one in capabilities}
        self._choose("who", [(key, one.label) for key, one in (self._tiers | self._overlays).items()])
        self._choose("capability", [(one.capability.code, str(one)) for one in capabilities])
        named = [(str(level.number), f"{level.number} {level.label}") for level in levels if level.number]
        self.fields["level"].choices = named  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "Choose from the list"), *choices]  # type: ignore[attr-defined]

    @property
    def addition(self) -> Addition:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Addition(
            organisation=self.organisation,
            capability=self._capabilities[given["capability"]],
            level=given["level"],
            grace_days=given["grace_days"],
            reason=given["reason"],
            tier=self._tiers.get(given["who"]),
            overlay=self._overlays.get(given["who"]),
        )

    @property
    def seal(self) -> str:
        """Tells whether the form was changed after somebody saw whom it concerns."""
        said = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return hashlib.sha256(repr(said).encode()).hexdigest()


class EndForm(forms.Form):
    """Why it is no longer asked."""

    end_reason = forms.CharField(
        label="Why does it end?",
        help_text="It is kept on the page of local requirements, with your name and the day.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it ends", "max_length": TOO_LONG},
    )
