"""Forms of the runner. Each says what to do when something is missing."""

from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Any, cast

from django import forms
from django.utils.html import strip_tags

from competencies.files.forms import FilesField
from competencies.forms import name_and_room
from workforce.models import User

from .actions.practice import LONGEST_ANSWER
from .outline import Activity, Question, Scene

TOO_LONG = "Shorten this answer to %(limit_value)s characters or fewer. It has %(show_value)s"


class ChooseForm(forms.Form):
    """One answer out of a few."""

    choice = forms.TypedChoiceField(
        widget=forms.RadioSelect, coerce=int, error_messages={"required": "Choose one of the answers"}
    )

    def __init__(self, label: str, options: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["choice"])
        field.label, field.choices = label, list(enumerate(options))

    @classmethod
    def of_question(cls, question: Question, *args: Any, **kwargs: Any) -> "ChooseForm":
        return cls(
            plain(question.stem),
            [o.text for o in question.options],
            *args,
            **kwargs,
        )

    @classmethod
    def of_scene(cls, scene: Scene, *args: Any, **kwargs: Any) -> "ChooseForm":
        return cls("What do you do?", [choice.text for choice in scene.choices], *args, **kwargs)


def plain(html: str) -> str:
    """The words of a rich text, for a label: it is escaped again when it is drawn."""
    return unescape(strip_tags(html.replace("</p>", " "))).strip()


class TalkForm(forms.Form):
    """A patient representative says that the answers were talked through."""

    talked = forms.BooleanField(
        label="I have talked these answers through with somebody",
        error_messages={"required": "Tick the box when you have talked your answers through with somebody"},
    )
    with_whom = forms.CharField(
        label="Who did you talk with? (optional)",
        help_text="Only you can see this.",
        required=False,
        max_length=200,
    )


class ReflectionForm(forms.Form):
    """What a person writes for themself to one question."""

    text = forms.CharField(
        label="Your words",
        widget=forms.Textarea,
        max_length=LONGEST_ANSWER,
        error_messages={"required": "Write something before you save", "max_length": TOO_LONG},
    )


class PracticeForm(forms.Form):
    """One text for each prompt of an activity, files to put with it, and who is asked to confirm it."""

    def __init__(
        self, activity: Activity, verifiers: Iterable[tuple[User, datetime | None]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for prompt in activity.prompts:
            self.fields[prompt.capability] = forms.CharField(
                label=prompt.text,
                widget=forms.Textarea,
                max_length=LONGEST_ANSWER,
                required=False,
                error_messages={"max_length": TOO_LONG},
            )
        self.fields["files"] = FilesField(label="Attach files (optional)")
        named = [(user, name_and_room(user, free_from)) for user, free_from in verifiers]
        self.people = {str(user.pk): user for user, _ in named}
        self.fields["about"] = forms.ChoiceField(
            label="Is it about somebody in this list? (optional)",
            help_text="Such as a person you challenged. They are never asked, also not by others. Only you see this.",
            choices=[("", "No, nobody here"), *((str(user.pk), user.name) for user, _ in named)],
            required=False,
        )
        self.fields["verifier"] = forms.ChoiceField(
            label="Who do you ask to confirm this?",
            help_text="They will read what you wrote. Never the speak-up guardian, and never a person you challenged.",
            choices=[("", "Choose a person"), *((str(user.pk), name) for user, name in named)],
            required=False,
        )
        self.prompts = [prompt.capability for prompt in activity.prompts]

    @property
    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(code, "") for code in self.prompts}

    @property
    def kept(self) -> dict[str, str]:
        """What to keep as the draft: every answer, also one that is not in order yet."""
        raw = {code: str(self.data.get(code, "")).replace("\x00", "") for code in self.prompts}
        return {code: self.cleaned_data.get(code, raw[code]) for code in self.prompts}

    @property
    def verifier(self) -> User | None:
        return self.people.get(self.cleaned_data.get("verifier", ""))

    @property
    def about(self) -> User | None:
        return self.people.get(self.cleaned_data.get("about", ""))

    def check_complete(self) -> bool:
        """Whether it can be sent; says in words for its author what is missing."""
        for code in self.prompts:
            if not self.answers[code].strip():
                self.add_error(code, f"Write an answer to: {self.fields[code].label}")
        if self.verifier is None:
            self.add_error("verifier", "Choose who you ask to confirm this")
        elif self.verifier == self.about:
            self.add_error("verifier", "Choose somebody else: you said that this is about them")
        return self.is_valid()
