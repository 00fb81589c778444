"""The record changed: let evidence follow."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from learning.models import Statement
from learning.signals import statements_stored, statements_voided

from .actions import award_evidence
from .queries.record import people_shown_by


@receiver([statements_stored, statements_voided])
def evidence_follows(*, statements: Sequence[Statement], **_: Any) -> None:
    if users := people_shown_by(statements):
        award_evidence(users=users)
