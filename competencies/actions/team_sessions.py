"""Practice that a team did together: the session is recorded, and then those who were there are confirmed in one go."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning.models import Activity
from workforce.models import Team, User

from ..models import Practice, SessionPresence, TeamSession, VerificationAct
from ..queries.team_sessions import people_of_session, practice_of_session, sessions_to_record
from .practice import check_room, confirm, decline, lock_verifier


@transaction.atomic
def record_team_session(
    *,
    by: User,
    team: Team,
    activity: Activity,
    title: str,
    day: date,
    present: Collection[User],
    at: datetime | None = None,
) -> TeamSession:
    """Write down a session and who was there. It needs practice of that activity that waits with the person."""
    at = at or timezone.now()
    on = timezone.localdate(at)
    if day > on:
        raise ValidationError("Enter a day that is not in the future.")
    if not any((one.activity, one.team) == (activity, team) for one in sessions_to_record(by, on)):
        raise ValidationError("Nothing from a session of this team waits for you.")
    if not present:
        raise ValidationError("Choose who was there.")
    if not set(present) <= set(people_of_session(by, activity, team, day, on)):
        raise ValidationError("Choose people from the list.")
    session = TeamSession(team=team, activity=activity, title=title, day=day, recorded_by=by, recorded_at=at)
    session.full_clean()
    session.save()
    SessionPresence.objects.bulk_create(SessionPresence(session=session, user=user) for user in present)
    return session


@transaction.atomic
def answer_team_session(
    *,
    session: TeamSession,
    by: User,
    confirmed: Collection[Practice],
    not_yet: Mapping[Practice, str],
    at: datetime | None = None,
) -> list[VerificationAct]:
    """Answer the practice of people who were there, each with an act of its own; who is left out goes on waiting.

    All of it or nothing. For the weekly cap a session counts as one.
    """
    at = at or timezone.now()
    if session.recorded_by_id != by.pk:
        raise ValidationError("Only the person who recorded this session can answer for it.")
    lock_verifier(by)
    waiting = {act.practice_id for act in practice_of_session(session)}
    if any(practice.pk not in waiting for practice in (*confirmed, *not_yet)):
        raise ValidationError("This is not with you, or its person was not there. Look at the list again.")
    counted = session.confirmations.filter(verifier=by).exists()
    if confirmed and not counted:
        check_room(by, at)
    acts = [
        confirm(practice=practice, by=by, at=at, session=session)
        for practice in sorted(confirmed, key=lambda practice: practice.pk)
    ]
    return acts + [
        decline(practice=practice, by=by, reason=reason, at=at) for practice, reason in not_yet.items()
    ]
