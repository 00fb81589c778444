from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import Organisation, Team, User

from ..models import NamedGapsChoice, NamedGapsLook
from .permissions import can_choose, can_see_names
from .queries import names_are_on


@transaction.atomic
def choose_named_gaps(
    *, organisation: Organisation, is_on: bool, reason: str, by: User, at: datetime | None = None
) -> NamedGapsChoice:
    """Switch the names beside gaps on or off. Who did it, when and why is kept, and the staff can read it."""
    at = at or timezone.now()
    if not reason.strip():
        raise ValidationError("Write down why. All staff can read it.")
    if not can_choose(by, organisation, timezone.localdate(at)):
        raise ValidationError("Only a capability lead of the organisation can do this.")
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one choice at a time
    if is_on == names_are_on(organisation):
        raise ValidationError(f"It is {'on' if is_on else 'off'} already.")
    return NamedGapsChoice.objects.create(
        organisation=organisation, is_on=is_on, reason=reason.strip(), by=by, at=at
    )


@transaction.atomic
def note_look(*, team: Team, by: User, at: datetime | None = None) -> NamedGapsLook:
    """Somebody is about to see the names of a team. Raises ValidationError if they may not."""
    at = at or timezone.now()
    if not can_see_names(by, team, timezone.localdate(at)):
        raise ValidationError("These names are not for you, or not switched on.")
    return NamedGapsLook.objects.create(team=team, by=by, at=at)
