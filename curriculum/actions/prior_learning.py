"""Learning from elsewhere is accepted for a module: levels 1 and 2 only, with a reason and by a person."""

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from workforce.models import User

from ..models import ModulePage
from ..statements import record, waived_statement


class PriorLearning(models.TextChoices):
    """The reasons that cmi5 knows for a waiver."""

    TESTED_OUT = "Tested Out", "Passed a test of the same things"
    EQUIVALENT_MODULE = "Equivalent AU", "Finished a module that teaches the same"
    EQUIVALENT_ELSEWHERE = "Equivalent Outside Activity", "Learned the same elsewhere"
    ADMINISTRATIVE = "Administrative", "Decided by the organisation"


@transaction.atomic
def accept_prior_learning(
    *, user: User, module_key: UUID, reason: str, by: User, at: datetime | None = None, id: UUID | None = None
) -> UUID:
    """Accept what a person has learned before; returns the statement's id. A module in preparation may be waived.

    Raises ValidationError for an unknown module or reason, and when people accept their own learning.
    """
    if reason not in PriorLearning.values:
        raise ValidationError("Choose one of the reasons.")
    if by == user:
        raise ValidationError("Ask somebody else: nobody accepts their own prior learning.")
    module = ModulePage.objects.live().filter(translation_key=module_key).first()
    if module is None:
        raise ValidationError("There is no such module.")
    at, id = at or timezone.now(), id or uuid4()
    record([waived_statement(user, (module.key, module.title), reason, by, at, id)], at)
    return id
