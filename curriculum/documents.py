"""What a document is, found from what is in it. The name that a file comes with proves nothing."""

from typing import Any
from zipfile import BadZipFile, ZipFile

import filetype

LARGEST = 20 * 1024 * 1024
PART = 1024 * 1024
_BEGINNING = 8192
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# By the ending that the library gives each kind. A browser runs none of them as a page.
_TAKEN = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "doc": "application/msword",
    "docx": _WORD,
}


def media_type_of(file: Any) -> str | None:
    """The media type of an open file; None for a kind that is not taken."""
    file.seek(0)
    kind = filetype.guess(file.read(_BEGINNING))
    found = _TAKEN.get(kind.extension) if kind else None
    if kind and kind.extension == "zip" and _is_word(file):
        found = _WORD
    file.seek(0)
    return found


def _is_word(file: Any) -> bool:
    """Some programs put the parts of a Word file in an order that the library does not know."""
    try:
        names = ZipFile(file).namelist()
    except BadZipFile:
        return False
    return "[Content_Types].xml" in names and "word/document.xml" in names
