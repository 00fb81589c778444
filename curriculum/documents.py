"""Which documents show what somebody learned elsewhere, known by what is in them."""

from typing import Any

from django.core.exceptions import ValidationError

from competencies.files.kinds import MEDIA_TYPES, kind_of
from competencies.models import PracticeFile

Kind = PracticeFile.Kind

PART = 1024 * 1024
TAKEN = (Kind.PDF, Kind.PNG, Kind.JPEG, Kind.DOCX)


def media_type_of(file: Any) -> str | None:
    """The media type of an open file; None for a kind that is not taken."""
    try:
        kind = kind_of(file)
    except ValidationError:
        return None
    finally:
        file.seek(0)
    return MEDIA_TYPES[kind] if kind in TAKEN else None
