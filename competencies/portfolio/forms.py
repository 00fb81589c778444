"""What the two people of a panel send."""

from django import forms

from ..forms import TOO_LONG, DecisionForm


class ViewForm(DecisionForm):
    """One member's own view: yes, or what would make it a yes."""

    decision = forms.ChoiceField(
        label="What is your own view?",
        choices=[
            (DecisionForm.CONFIRM, "Yes: others were led or coached, and it answers each prompt"),
            (DecisionForm.NOT_YET, "Not yet"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or not yet"},
    )
    reason = forms.CharField(
        label="If not yet, what would make it a yes?",
        help_text="One or two sentences. The person reads your words when both of you have answered.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )


class StepAsideForm(forms.Form):
    """A member leaves their place."""

    note = forms.CharField(
        label="Why you step aside (optional)",
        help_text="The person who asked you sees your words.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )
