"""What a file is, found in its content. Its name and what a browser says of it are not believed."""

import lzma
import zlib
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

import filetype
from django.core.exceptions import ValidationError

from ..models import PracticeFile

Kind = PracticeFile.Kind

MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Kind.ODP: "application/vnd.oasis.opendocument.presentation",
    Kind.TEXT: "text/plain",
}
# The first is given to a name that has none of them.
ENDINGS = {kind: (f".{kind}",) for kind in Kind} | {Kind.JPEG: (".jpg", ".jpeg"), Kind.TEXT: (".txt", ".csv")}

_BY_ITS_START = {
    media_type: kind for kind, media_type in MEDIA_TYPES.items() if kind in (Kind.PDF, Kind.PNG, Kind.JPEG)
}
_OPEN_DOCUMENT = {
    media_type.encode(): kind for kind, media_type in MEDIA_TYPES.items() if kind.startswith("od")
}
# What [Content_Types].xml calls the main part (ECMA-376, part 1, 11.3.10, 12.3.23 and 13.3.6).
_OFFICE = {
    f"{media_type}.main+xml".encode(): kind for kind, media_type in MEDIA_TYPES.items() if kind.endswith("x")
}

_START = 8192
_CONTROL = bytes({*range(32), 127} - set(b"\t\n\r\f"))
_MARKUP = (b"<script", b"<html", b"<svg", b"<!doctype", b"<iframe")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_ENTRIES = 10_000
_LONGEST_LIST = 1024 * 1024

TAKEN = "PDF, PNG, JPEG, Word, Excel, PowerPoint, OpenDocument, CSV or plain text"
MARKUP = "is a web page or a drawing made of code. Save it as PDF or PNG, and attach that."
PROGRAM = "is a program or a script. Attach a picture or a PDF of what it shows."
MACROS = "holds macros. Save it without them, as .docx, .xlsx or .pptx, or as PDF, and attach that."
LOCKED = "is an older Office file, or has a password. Save it without one as .docx, .xlsx, .pptx or PDF."
PACKED = "is a packed folder. Unpack it, and attach the files one by one."
BROKEN = "cannot be read. Save it again, and attach the new file."
EMPTY = "is empty. Choose another file."
OTHER = f"is of a kind that we do not take. Save it as {TAKEN}."


def kind_of(content: BinaryIO) -> Kind:
    """The kind of a file that we take. ValidationError says what to do about any other."""
    content.seek(0)
    start = content.read(_START)
    if not start:
        raise ValidationError(EMPTY)
    if start.startswith(b"PK\x03\x04"):
        return _in_a_package(content)
    found = filetype.guess(start)
    if found is not None and found.mime in _BY_ITS_START:
        return _BY_ITS_START[found.mime]
    if start.startswith(_OLD_OFFICE):
        raise ValidationError(LOCKED)
    _refuse_code(start)
    if _is_text(content):
        return Kind.TEXT
    raise ValidationError(PROGRAM if start.startswith((b"MZ", b"\x7fELF")) else OTHER)


def _refuse_code(start: bytes) -> None:
    """What a browser or a machine would run, though it is text."""
    words = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if words.startswith(b"<") or any(mark in words for mark in _MARKUP):
        raise ValidationError(MARKUP)
    if words.startswith((b"#!", b"@echo", b"%!ps")):
        raise ValidationError(PROGRAM)
    if words.startswith(b"{\\rtf"):
        raise ValidationError(OTHER)


def _is_text(content: BinaryIO) -> bool:
    """Whether all of it can be read as words, in UTF-8 or in what Excel writes: nothing in it is a control sign."""
    content.seek(0)
    while chunk := content.read(PIECE):
        if len(chunk.translate(None, _CONTROL)) != len(chunk):
            return False
    return True


PIECE = 64 * 1024


# What reading a broken package raises: a place or an end that is not there, a size below zero, a password or a way of
# packing that is unknown, or packed bytes that are none.
_UNREADABLE = (BadZipFile, EOFError, OSError, RuntimeError, ValueError, lzma.LZMAError, zlib.error)


def _in_a_package(content: BinaryIO) -> Kind:
    """Which office format a ZIP file is. Of what is packed, only the one short part that says so is unpacked."""
    content.seek(0)
    try:
        with ZipFile(content) as package:
            return _office_kind(package)
    except _UNREADABLE as broken:
        raise ValidationError(BROKEN) from broken


def _office_kind(package: ZipFile) -> Kind:
    names = package.namelist()
    if len(names) > _MOST_ENTRIES:
        raise ValidationError(PACKED)
    if "[Content_Types].xml" in names:
        parts = _unpacked(package, "[Content_Types].xml")
        has_macros = b"macroenabled" in parts.lower() or any(
            name.lower().endswith("vbaproject.bin") for name in names
        )
        kind = next((kind for media_type, kind in _OFFICE.items() if media_type in parts), None)
    elif "mimetype" in names:
        kind = _OPEN_DOCUMENT.get(_unpacked(package, "mimetype").strip())
        has_macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
    else:
        raise ValidationError(PACKED)
    if has_macros:
        raise ValidationError(MACROS)
    if kind is None:
        raise ValidationError(OTHER)
    return kind


def _unpacked(package: ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        found = part.read(_LONGEST_LIST + 1)
    if len(found) > _LONGEST_LIST:
        raise ValidationError(OTHER)
    return found
