"""Files of practice, for whoever may read them."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from workforce.models import User

from ..models import Practice, PracticeFile, PracticeFilePart
from ..permissions import can_decide
from ..queries import latest_act, readings_for


def files_with(owner: User, activity_iri: str, registration: UUID) -> QuerySet[PracticeFile]:
    """What a person put with one piece of practice, draft or not."""
    return PracticeFile.objects.filter(owner=owner, activity__iri=activity_iri, registration=registration)


def files_of(practice: Practice) -> QuerySet[PracticeFile]:
    return PracticeFile.objects.filter(
        owner=practice.owner_id, activity=practice.activity_id, registration=practice.registration
    )


def readable_file(reader: User, uuid: UUID) -> PracticeFile | None:
    """The file, for its owner, the person asked about the practice at present, and one drawn to read it again."""
    file = PracticeFile.objects.filter(uuid=uuid).first()
    if file is None or file.owner_id == reader.pk:
        return file
    practice = (
        Practice.objects.filter(
            owner=file.owner_id, activity=file.activity_id, registration=file.registration
        )
        .prefetch_related("acts__statement")
        .first()
    )
    if practice is None:
        return None
    if (
        can_decide(reader, latest_act(practice))
        or readings_for(reader).filter(act__practice=practice).exists()
    ):
        return file
    return None


def pieces(file: PracticeFile) -> Iterator[bytes]:
    """The content, a piece at a time, each read when it is asked for."""
    left, position = file.length, 0
    while left > 0:
        piece = bytes(PracticeFilePart.objects.values_list("data", flat=True).get(pk=(file.pk, position)))
        yield piece
        left, position = left - len(piece), position + 1
