from django import forms

from ..models import AccessToken
from ..models.access import MOST_DAYS

DAYS = ((30, "In 30 days"), (90, "In 90 days"), (180, "In 180 days"), (MOST_DAYS - 1, "In a year"))


class TokenForm(forms.Form):
    """What a program may do, and until when."""

    name = forms.CharField(
        label="Which program is it for?",
        help_text="A name by which you know it again.",
        max_length=100,
        error_messages={
            "required": "Name the program",
            "max_length": "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s",
        },
    )
    may = forms.ChoiceField(
        label="What may it do in your name?",
        choices=AccessToken.May.choices,
        initial=AccessToken.May.READ,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it may do"},
    )
    days = forms.TypedChoiceField(
        label="When should that end?",
        help_text="You can end it sooner at any time.",
        choices=DAYS,
        initial=90,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when it ends"},
    )
