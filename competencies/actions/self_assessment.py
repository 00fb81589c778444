"""Where a person puts themself. It leaves no statement, so nothing that is derived from the record can see it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import User

from ..models import Capability, SelfAssessment


@transaction.atomic
def assess_oneself(
    *,
    user: User,
    capability_code: str,
    level: int | None,
    confidence: int,
    comment: str = "",
    at: datetime | None = None,
) -> SelfAssessment:
    """Add where a person puts themself today; no `level` means none of the levels yet. What they said before stays.

    Raises ValidationError for a level or a confidence that does not exist.
    """
    new = SelfAssessment(
        user=user,
        capability=Capability.objects.get(code=capability_code),
        level=level,
        confidence=confidence,
        comment=comment.strip(),
        at=at or timezone.now(),
    )
    new.full_clean()
    new.save()
    return new


@transaction.atomic
def erase_comment(*, assessment: SelfAssessment, by: User) -> None:
    """The person deletes the words of a comment. The level, the confidence and the day stay in their history."""
    if assessment.user != by:
        raise ValidationError("Only the person who wrote this can delete it.")
    SelfAssessment.objects.filter(pk=assessment.pk).update(comment="")
