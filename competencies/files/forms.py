from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from .kinds import TAKEN


class FilesInput(forms.FileInput):
    """Several files in one control."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: "MultiValueDict[str, UploadedFile]", name: str) -> Any:
        return files.getlist(name)


class FilesField(forms.Field):
    """Files to attach; what is in them is looked at when they are."""

    widget = FilesInput(attrs={"multiple": True})

    def __init__(self, **kwargs: Any) -> None:
        hint = f"Up to 5 files, each up to 20 MB: {TAKEN}. Take out names before you attach them."
        super().__init__(required=False, help_text=hint, **kwargs)

    def clean(self, value: Any) -> list[UploadedFile]:
        return list(value)
