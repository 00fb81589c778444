"""Publishing a page freezes its module; a change in the record moves the steps that it is about."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from learning.models import Statement
from learning.signals import statements_stored, statements_voided

from .actions.freezing import freeze_module
from .actions.practice import follow_verification
from .models import ActivityPage, ModulePage


@receiver([page_published, page_unpublished])
def freeze_what_is_published(*, instance: Page, **_: Any) -> None:
    """A module is frozen when it or one of its activities is published or taken away. Preview sends no signal."""
    module = instance
    if isinstance(instance, ActivityPage):
        module = instance.get_parent().specific
    if isinstance(module, ModulePage) and module.live:
        freeze_module(module=module)


@receiver(statements_stored)
def steps_follow(*, statements: Sequence[Statement], **_: Any) -> None:
    follow_verification(statements=statements)


@receiver(statements_voided)
def steps_fall_back(*, statements: Sequence[Statement], **_: Any) -> None:
    follow_verification(statements=statements, voided=True)
