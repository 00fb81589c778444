from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from workforce.imports.tables import LARGEST_FILE
from workforce.models import Organisation, StaffImportUndoing


class StaffListForm(forms.Form):
    """A staff list to preview. Nothing is stored by it."""

    file = forms.FileField(
        label="Staff list",
        help_text="A CSV file in UTF-8, of 50 MB at most. In Excel, choose “CSV UTF-8”.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose the file with the staff list.",
            "empty": "The file is empty. Check that it was saved and sent whole.",
        },
    )
    on = forms.DateField(
        label="Day on which it was true",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Give the day on which the list was true.",
            "invalid": "Write the day as 2026-11-30 or 30/11/2026.",
        },
    )
    covers = forms.ChoiceField(
        label="The list has",
        choices=[("all", "All of the staff: who is not on it has left"), ("some", "Only some of the staff")],
        widget=forms.RadioSelect,
        initial="all",
        error_messages={"required": "Say whether the list has all of the staff."},
    )
    leavers_expected = forms.BooleanField(
        required=False,
        label="More than a fifth of the people have left",
        help_text="Otherwise such a list is refused: it may be a part of one.",
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["organisation"] = forms.ModelChoiceField(
            organisations, error_messages={"required": "Choose whose staff list it is."}
        )
        self.order_fields(["organisation"])
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            # Taken in, it would bar every list until then.
            raise ValidationError(f"{on:%d/%m/%Y} has not come yet. Correct the day.")
        return on

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError("The file is larger than 50 MB. Check that it is the right file.")
        return file


class UndoForm(forms.ModelForm):
    class Meta:
        model = StaffImportUndoing
        fields = ("reason",)
        labels = {"reason": "Why it is undone"}
        help_texts = {"reason": "Kept in the history, with your name and the time."}
        error_messages = {"reason": {"required": "Write down why the list is undone."}}
