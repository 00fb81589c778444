from django import forms


class NamedGapsForm(forms.Form):
    """Why names are switched on or off."""

    reason = forms.CharField(
        label="Why?",
        help_text="All staff of the organisation can read this, with your name and the day.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Write down why",
            "max_length": "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s",
        },
    )
