"""What a person says they learned elsewhere, and what a capability lead answers."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from competencies.models.files import LARGEST_FILE
from workforce.models import Organisation

from .documents import media_type_of
from .models import PriorLearning

REASONS = [
    (PriorLearning.EQUIVALENT_MODULE, "I finished a course or module that teaches the same"),
    (PriorLearning.TESTED_OUT, "I passed a test of the same things"),
    (PriorLearning.EQUIVALENT_ELSEWHERE, "I learned the same in another way, such as at work"),
    (PriorLearning.ADMINISTRATIVE, "My organisation has decided that I need not do it"),
]
FORTY_YEARS = 40


class PriorLearningForm(forms.Form):
    """What, where, when, why it should count, and one document that shows it."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which organisation do you ask?",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the organisation that you ask"},
    )
    what = forms.CharField(
        label="What did you learn?",
        help_text="A few sentences are enough. Leave out names of patients and colleagues.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Say what you learned",
            "max_length": "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s",
        },
    )
    where = forms.CharField(
        label="Where did you learn it?",
        help_text="Such as a course and who gave it, or the place where you worked.",
        max_length=200,
        error_messages={
            "required": "Say where you learned it",
            "max_length": "Shorten this to %(limit_value)s characters or fewer. It has %(show_value)s",
        },
    )
    learned_on = forms.DateField(
        label="When did you finish it?",
        error_messages={
            "required": "Give the day on which you finished it",
            "invalid": "Give a day that exists, such as 31 3 2026",
        },
    )
    reason = forms.ChoiceField(
        label="Why should it count?",
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose why it should count",
            "invalid_choice": "Choose why it should count",
        },
    )
    document = forms.FileField(
        label="A document that shows it",
        help_text="A PDF, a photo or scan (PNG or JPEG) or a Word file, up to 20 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.doc,.docx"}),
        error_messages={
            "required": "Choose a document that shows what you learned",
            "empty": "The document is empty. Choose another one",
        },
    )

    def __init__(self, organisations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(organisations)
        choice = cast(forms.ModelChoiceField, self.fields["organisation"])
        choice.queryset = organisations
        if len(found) == 1:
            # Nothing to choose: the page names it.
            choice.required, choice.widget = False, forms.HiddenInput()
            self.initial["organisation"] = found[0].pk
        year = timezone.localdate().year
        self.fields["learned_on"].widget = forms.SelectDateWidget(
            years=range(year - FORTY_YEARS, year + 1), empty_label=("", "", "")
        )
        self.only = found[0] if len(found) == 1 else None

    def clean_organisation(self) -> Organisation:
        chosen: Organisation = self.only or self.cleaned_data["organisation"]
        return chosen

    def clean_learned_on(self) -> date:
        on: date = self.cleaned_data["learned_on"]
        if on > timezone.localdate():
            raise ValidationError("That day has not come yet. Give the day on which you finished it")
        return on

    def clean_document(self) -> UploadedFile:
        document: UploadedFile = self.cleaned_data["document"]
        if (document.size or 0) > LARGEST_FILE:
            raise ValidationError("The document is larger than 20 MB. Choose a smaller one")
        if media_type_of(document) is None:
            raise ValidationError("Choose a PDF, a PNG or JPEG picture, or a Word file")
        return document


class DecidePriorLearningForm(forms.Form):
    """Accept it, or say what is missing."""

    ACCEPT, NOT_YET = "accept", "not_yet"

    decision = forms.ChoiceField(
        label="Does it count for this module?",
        choices=[(ACCEPT, "Yes, it counts"), (NOT_YET, "Not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it counts, or say not yet"},
    )
    missing = forms.CharField(
        label="If not yet, what is missing?",
        help_text="One or two sentences. The person sees your words and can ask again.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.NOT_YET and not str(cleaned.get("missing", "")).strip():
            self.add_error("missing", "Say what is missing")
        return cleaned


class UndoPriorLearningForm(forms.Form):
    """Why accepting it was a mistake."""

    why = forms.CharField(
        label="Why was it a mistake?",
        help_text="The person sees your words. What it gave them ends, and they can ask again.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it was a mistake"},
    )
