from django import forms


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
