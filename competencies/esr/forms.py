from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from workforce.imports.tables import LARGEST_FILE
from workforce.models import Organisation

from ..models import EsrImportUndoing, EsrName
from .spelling import folded, is_ours


class OrganisationForm(forms.Form):
    """Of whose staff."""

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["organisation"] = forms.ModelChoiceField(
            organisations, error_messages={"required": "Choose of whose staff the file is."}
        )
        self.order_fields(["organisation"])


class EsrFileForm(OrganisationForm):
    """A file from ESR to preview. Nothing is stored by it."""

    file = forms.FileField(
        label="File from ESR",
        help_text="A CSV file of 50 MB at most.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose the file from ESR.",
            "empty": "The file is empty. Check that it was saved and sent whole.",
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError("The file is larger than 50 MB. Check that it is the right file.")
        return file


class UndoEsrForm(forms.ModelForm):
    class Meta:
        model = EsrImportUndoing
        fields = ("reason",)
        labels = {"reason": "Why it is undone"}
        help_texts = {"reason": "Kept in the history, with your name and the time."}
        error_messages = {"reason": {"required": "Write down why the file is undone."}}


class EsrNameForm(forms.ModelForm):
    class Meta:
        model = EsrName
        fields = ("organisation", "name")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not folded(name):
            raise ValidationError("Write the name as it stands in ESR.")
        if is_ours(name):
            raise ValidationError("This name comes from here. What it stands for is on the record already.")
        return name

    def clean(self) -> dict[str, Any]:
        """Files spell a name differently and mean the same, so it is the levelled one that is there once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        organisation = cleaned.get("organisation", self.instance.organisation)
        self.instance.folded = folded(cleaned.get("name", ""))
        same = EsrName.objects.filter(organisation=organisation, folded=self.instance.folded)
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "This name is there already. Open it and change what it counts for.")
        return cleaned
