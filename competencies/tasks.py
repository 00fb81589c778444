"""Background work on what people hold and what is planned for them."""

import logging
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from workforce.models import Organisation

from .esr.exporting import CannotExport
from .esr.folder import export_to_folder, import_from_folder
from .esr.uploads import KEPT, forget_esr_uploads
from .history.appending import append_acts
from .history.stating import state_acts
from .models import EsrProfile
from .plans.following import follow_posts
from .plans.stating import state_plans

logger = logging.getLogger(__name__)


@shared_task
def exchange_with_esr() -> int:
    """Start the exchange of each organisation that ESR knows, each by itself; returns how many."""
    if not settings.ESR_FOLDER:
        return 0
    organisations = list(EsrProfile.objects.values_list("organisation", flat=True))
    for organisation in organisations:
        exchange_one_with_esr.delay(organisation)
    return len(organisations)


@shared_task
def exchange_one_with_esr(organisation_id: int) -> None:
    """Take in the files that wait, then put the file of the day into the folder, unless it went before."""
    organisation = Organisation.objects.get(pk=organisation_id)
    folder = Path(settings.ESR_FOLDER)
    import_from_folder(organisation=organisation, folder=folder)
    try:
        export_to_folder(organisation=organisation, on=timezone.localdate(), folder=folder)
    except CannotExport as reason:
        logger.warning("No file for ESR: %s", reason)


@shared_task
def forget_uploads_from_esr() -> int:
    """Delete the files from ESR that nobody confirmed within a day; returns how many."""
    return forget_esr_uploads(before=timezone.now() - KEPT)


@shared_task
def follow_plans() -> int:
    """Posts begin and end by the calendar alone, so every night all plans follow them; returns how many changed."""
    return follow_posts()


@shared_task
def tell_the_record_of_plans() -> int:
    return state_plans()


@shared_task
def tell_what_became_of_capabilities() -> int:
    """What people reached, what ended and what was taken back becomes history, and the record is told of it."""
    append_acts()
    return state_acts()
