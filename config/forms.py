"""Forms of the front door. Each message says what to do, in the NHS way."""

import re
from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)

from competencies.models import ReminderChoice
from workforce.models import NoticeChoice, RegistrationBody
from workforce.models.people import REGISTRATION_SHAPES


class SignInForm(AuthenticationForm):
    """E-mail and password. The message never tells whether an account exists."""

    username = forms.EmailField(
        label="Email address",
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an email address in the right form, like name@example.com",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "The email address and password do not match an account. Check both and try again",
        "inactive": "This account is closed. Contact us if you think that is wrong",
    }

    def clean_username(self) -> str:
        """Addresses are kept in lower case."""
        return self.cleaned_data["username"].lower()


class ChangePasswordForm(PasswordChangeForm):
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "Your present password is not right. Enter it again",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Present password"
        self.fields["old_password"].error_messages["required"] = "Enter your present password"
        _name_new_passwords(self)


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new_passwords(self)


class ForgottenPasswordForm(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email address"
        self.fields["email"].error_messages["required"] = "Enter your email address"


class RemindersForm(forms.Form):
    choice = forms.ChoiceField(
        label="When do you want an email about what ends?",
        choices=ReminderChoice.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when you want an email"},
    )


class NoticesForm(forms.Form):
    choice = forms.ChoiceField(
        label="When do you want an email about practice?",
        choices=NoticeChoice.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when you want an email"},
    )


class RegistrationForm(forms.Form):
    body = forms.ChoiceField(
        label="Which register are you on?",
        choices=[("", "I am on none, or do not want to say"), *RegistrationBody.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    number = forms.CharField(
        label="Your registration number",
        help_text="Such as 12A3456E for the NMC, or 1234567 for the GMC.",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        body, number = cleaned.get("body", ""), "".join(cleaned.get("number", "").split()).upper()
        if body and not number:
            self.add_error("number", "Enter your registration number")
        elif number and not body:
            self.add_error("body", "Choose the register that the number is from")
        elif body and not re.match(REGISTRATION_SHAPES[RegistrationBody(body)], number):
            self.add_error(
                "number", f"Check the number. That is not how a number of the {body.upper()} looks"
            )
        return cleaned


def _name_new_passwords(form: forms.Form) -> None:
    first, second = form.fields["new_password1"], form.fields["new_password2"]
    first.label, second.label = "New password", "New password again"
    first.help_text = (
        "Use 10 characters or more. Three words together are easy to remember. You can paste it."
    )
    first.error_messages["required"] = "Enter a new password"
    second.help_text = ""
    second.error_messages["required"] = "Enter the new password again"
    for field in form.fields.values():
        field.widget.attrs.pop("autofocus", None)
