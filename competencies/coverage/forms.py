from datetime import date

from django import forms
from django.utils import timezone

from workforce.models import Tier


class DayAndTierForm(forms.Form):
    """Which day and which tier a coverage page shows. The address bar holds it, so that a page can be sent on."""

    on = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a real day, such as 31 March 2026"},
    )
    tier = forms.ModelChoiceField(
        label="Tier",
        queryset=Tier.objects.all(),
        to_field_name="key",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": "Choose a tier from the list"},
    )

    def clean_on(self) -> date:
        today = timezone.localdate()
        on: date = self.cleaned_data["on"] or today
        if on > today:
            raise forms.ValidationError(
                "Choose today or an earlier day: nobody has learned in the future yet"
            )
        if on.year < 2000:
            raise forms.ValidationError("Choose a day in the year 2000 or later")
        return on

    def clean_tier(self) -> Tier:
        return self.cleaned_data["tier"] or Tier.objects.get(key=self.initial.get("tier", "frontline"))
