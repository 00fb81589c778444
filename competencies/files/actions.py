"""Files are put with practice and removed while it is with nobody; they go when its words are deleted."""

import unicodedata
from collections.abc import Collection
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from learning.models import Activity
from workforce.models import User

from ..models import Practice, PracticeFile, PracticeFilePart, VerificationAct
from ..models.files import LARGEST_FILE, MOST_FILES
from ..practice_states import MAY_FOLLOW, state_after
from ..queries import latest_act
from .kinds import ENDINGS, kind_of

TOO_LARGE = "too_large"
LONGEST_NAME = 150


@transaction.atomic
def attach_file(
    *,
    owner: User,
    activity_iri: str,
    registration: UUID,
    name: str,
    content: BinaryIO,
    length: int,
    at: datetime | None = None,
) -> PracticeFile:
    """Put a file with practice that is still a draft, or a draft again.

    Raises ValidationError, in words that begin with the file's name, when it is too large, of a kind that we do not
    take, or one too many.
    """
    if length > LARGEST_FILE:
        raise ValidationError(
            f"“{name}” is larger than 20 MB. Make it smaller, or attach a part of it.", TOO_LARGE
        )
    try:
        kind = kind_of(content)
    except ValidationError as refusal:
        raise ValidationError(f"“{name}” {refusal.message}") from refusal
    # One file after the other for each person, so that two at once do not take the same number.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    activity = Activity.objects.named(activity_iri)
    _check_changeable(owner, activity, registration)
    file = PracticeFile.objects.create(
        owner=owner,
        activity=activity,
        registration=registration,
        number=_free_number(activity, registration, name),
        name=_safe_name(name, kind),
        kind=kind,
        length=length,
        added_at=at or timezone.now(),
    )
    _store(file, content)
    return file


@transaction.atomic
def remove_file(*, file: PracticeFile, by: User) -> None:
    """The owner takes a file away again, while nobody is asked about the practice."""
    if file.owner_id != by.pk:
        raise ValidationError("Only the person who attached this can remove it.")
    _check_changeable(by, file.activity, file.registration)
    _delete([file.pk])


@transaction.atomic
def erase_files(*, owner: User, activity: Activity, registration: UUID) -> None:
    """All files of a piece of practice go, with its words."""
    files = PracticeFile.objects.filter(owner=owner, activity=activity, registration=registration)
    _delete(list(files.values_list("pk", flat=True)))


def _check_changeable(owner: User, activity: Activity, registration: UUID) -> None:
    practice = (
        Practice.objects.filter(owner=owner, activity=activity, registration=registration)
        .prefetch_related("acts__statement")
        .first()
    )
    if practice and VerificationAct.Act.REQUEST not in MAY_FOLLOW[state_after(latest_act(practice))]:
        raise ValidationError("This has been sent or confirmed. Its files stay as they are.")


def _free_number(activity: Activity, registration: UUID, name: str) -> int:
    files = PracticeFile.objects.filter(activity=activity, registration=registration)
    taken = set(files.values_list("number", flat=True))
    free = next((number for number in range(1, MOST_FILES + 1) if number not in taken), None)
    if free is None:
        raise ValidationError(f"“{name}” is one too many. Remove a file first: {MOST_FILES} can be attached.")
    return free


def _safe_name(name: str, kind: PracticeFile.Kind) -> str:
    """The name without folders or signs that cannot be seen, and with an ending that fits what the file is."""
    seen = "".join(sign for sign in name.replace("\\", "/") if unicodedata.category(sign)[0] != "C")
    path = PurePosixPath(PurePosixPath(seen).name or "file")
    ending = path.suffix.lower() if path.suffix.lower() in ENDINGS[kind] else ENDINGS[kind][0]
    return f"{path.stem[: LONGEST_NAME - len(ending)]}{ending}"


def _store(file: PracticeFile, content: BinaryIO) -> None:
    content.seek(0)
    position = 0
    while data := content.read(PracticeFilePart.LARGEST):
        PracticeFilePart.objects.create(file=file, position=position, data=data)
        position += 1


def _delete(files: Collection[int]) -> None:
    """In SQL, because Django would read every piece before it deletes it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM competencies_practicefilepart WHERE file_id = ANY(%s)", [list(files)])
        cursor.execute("DELETE FROM competencies_practicefile WHERE id = ANY(%s)", [list(files)])
