"""The record or posts changed: let evidence and plans follow. An account went: let its passport go with it."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from learning.models import Statement
from learning.signals import statements_stored, statements_voided
from workforce.models import User
from workforce.signals import posts_changed

from .actions import award_evidence
from .passport.actions import forget_passport
from .plans.following import follow_posts, follow_record
from .portfolio.appending import follow_voiding
from .queries.record import people_shown_by


@receiver([statements_stored, statements_voided])
def evidence_follows(*, statements: Sequence[Statement], **_: Any) -> None:
    if users := people_shown_by(statements):
        award_evidence(users=users)
        follow_record(users=users)


@receiver(posts_changed)
def plans_follow(*, organisation_id: int, users: Collection[int] | None, **_: Any) -> None:
    follow_posts(organisation_id=organisation_id, users=users)


@receiver(statements_voided)
def panels_follow(*, statements: Sequence[Statement], **_: Any) -> None:
    follow_voiding(statements=statements)


@receiver(pre_delete, sender=User)
def passport_goes_with_its_person(*, instance: User, **_: Any) -> None:
    forget_passport(user=instance)
