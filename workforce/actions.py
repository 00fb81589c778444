"""What can be done to the record of who works where. Nothing is overwritten: posts and leave are superseded.

Days are whole days. `start` is the first day on which something is true and `end` the first day on which it
is no longer so. `at` is when we came to know it; None means now. A rule that is broken raises
`ValidationError` with a sentence for people, and nothing is stored.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from workforce.models import (
    Absence,
    Committee,
    Grant,
    GrantEnding,
    Membership,
    Organisation,
    Overlay,
    Post,
    Seat,
    Team,
    TeamPlace,
    Tier,
    User,
)
from workforce.models.ranges import during
from workforce.months import months_after
from workforce.queries import beneath, places_on
from workforce.signals import posts_changed

FOUNDING_VERIFIER_MONTHS = 24


@transaction.atomic
def join_organisation(
    *, user: User, organisation: Organisation, staff_number: str | None = None
) -> Membership:
    """Make a person known to an organisation. Lay people have no staff number."""
    membership = Membership.objects.filter(user=user, organisation=organisation).first()
    membership = membership or Membership(user=user, organisation=organisation)
    membership.staff_number = staff_number or membership.staff_number
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def enter_registration(*, user: User, body: str, number: str) -> User:
    """The person says on which professional register they are, or on none. Only the shape is checked."""
    user.registration_body = body
    user.registration_number = "".join(number.split()).upper()
    user.validate_constraints()
    user.save(update_fields=["registration_body", "registration_number"])
    return user


@transaction.atomic
def place_team(*, team: Team, parent: Team | None, start: date) -> TeamPlace:
    """Put a team under another, or directly under its organisation, from a day on."""
    if parent is not None:
        _check_parent(team, parent, start)
    TeamPlace.objects.filter(team=team, during__startswith__gte=start).delete()
    for place in TeamPlace.objects.filter(team=team, during__contains=start):
        place.during = during(place.during.lower, start)
        place.save(update_fields=["during"])
    placed = TeamPlace.objects.create(team=team, parent=parent, during=during(start))
    posts_changed.send(sender=TeamPlace, organisation_id=team.organisation_id, users=None)
    return placed


def _check_parent(team: Team, parent: Team, start: date) -> None:
    if parent.organisation_id != team.organisation_id:
        raise ValidationError("A team stands under a team of its own organisation.")
    if parent == team or parent.pk in beneath([team.pk], places_on(team.organisation, start)):
        raise ValidationError("A team cannot stand under itself.")


@transaction.atomic
def open_post(
    *,
    membership: Membership,
    team: Team,
    tier: Tier,
    start: date,
    end: date | None = None,
    overlays: Iterable[Overlay] = (),
    engagement: str = Post.Engagement.SUBSTANTIVE,
    at: datetime | None = None,
) -> Post:
    """A person begins to work in a team of their organisation, in a tier."""
    if team.organisation_id != membership.organisation_id:
        raise ValidationError("The team belongs to another organisation than the person.")
    overlays = list(overlays)
    fitting = set(tier.overlays.all())
    for overlay in overlays:
        if overlay not in fitting:
            raise ValidationError(f"“{overlay}” does not go with the tier “{tier}”.")
    post = Post(
        membership=membership,
        team=team,
        tier=tier,
        engagement=engagement,
        during=_range(start, end),
        recorded_at=at or timezone.now(),
    )
    post.full_clean()
    post.save()
    post.overlays.set(overlays)
    _tell(post)
    return post


@transaction.atomic
def correct_post(
    *,
    post: Post,
    team: Team | None = None,
    tier: Tier | None = None,
    start: date | None = None,
    end: date | None = None,
    overlays: Iterable[Overlay] | None = None,
    engagement: str | None = None,
    at: datetime | None = None,
) -> Post:
    """Say again what a post was. What is not given stays as it was."""
    at = at or timezone.now()
    kept = list(post.overlays.all()) if overlays is None else list(overlays)
    _supersede(post, at)
    return open_post(
        membership=post.membership,
        team=team or post.team,
        tier=tier or post.tier,
        start=start or post.during.lower,
        end=end or post.during.upper,
        overlays=kept,
        engagement=engagement or post.engagement,
        at=at,
    )


@transaction.atomic
def end_post(*, post: Post, on: date, at: datetime | None = None) -> Post:
    """A person stops: `on` is the first day on which they no longer hold the post."""
    if post.during.upper == on:
        return post
    return correct_post(post=post, end=on, at=at)


@transaction.atomic
def cancel_post(*, post: Post, at: datetime | None = None) -> None:
    """The post never was. Its row stays, so that figures printed before today can be printed again."""
    _supersede(post, at or timezone.now())
    _tell(post)


def _tell(post: Post) -> None:
    """A correction tells it once, when the new row stands: in between, nobody has left."""
    membership = post.membership
    posts_changed.send(sender=Post, organisation_id=membership.organisation_id, users={membership.user_id})


@transaction.atomic
def record_absence(
    *, membership: Membership, start: date, end: date | None = None, at: datetime | None = None
) -> Absence:
    """A person is away from an organisation. Over 28 days it counts as long leave."""
    absence = Absence(membership=membership, during=_range(start, end), recorded_at=at or timezone.now())
    absence.full_clean()
    absence.save()
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, on: date, at: datetime | None = None) -> Absence:
    """A person is back: `on` is the first day on which they are no longer away."""
    at = at or timezone.now()
    _supersede(absence, at)
    return record_absence(membership=absence.membership, start=absence.during.lower, end=on, at=at)


def _supersede(row: Post | Absence, at: datetime) -> None:
    """Mark a row as no longer believed, once: two corrections of the same row would contradict each other."""
    changed = type(row).objects.filter(pk=row.pk, superseded_at=None).update(superseded_at=at)
    if not changed:
        raise ValidationError("This was corrected before. Look at it again, then correct what it says now.")
    row.superseded_at = at


@transaction.atomic
def seat_on_committee(*, user: User, committee: Committee, start: date, end: date | None = None) -> Seat:
    """A person takes a seat on a committee."""
    seat = Seat(user=user, committee=committee, during=_range(start, end))
    seat.full_clean()
    seat.save()
    return seat


@transaction.atomic
def leave_seat(*, seat: Seat, on: date) -> Seat:
    """A person gives up a seat: `on` is the first day on which they no longer hold it."""
    seat.during = _range(seat.during.lower, on)
    seat.save(update_fields=["during"])
    return seat


@transaction.atomic
def grant(
    *,
    user: User,
    role: Grant.Role,
    scope: Organisation | Team | None,
    start: date,
    end: date | None = None,
    reason: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> Grant:
    """Let a person do or see something within one scope; None is the whole nation."""
    given = Grant(
        user=user,
        role=role,
        organisation=scope if isinstance(scope, Organisation) else None,
        team=scope if isinstance(scope, Team) else None,
        national=scope is None,
        during=_range(start, end),
        reason=reason,
        granted_by=by,
        recorded_at=at or timezone.now(),
    )
    given.full_clean()
    given.save()
    return given


@transaction.atomic
def end_grant(
    *, grant: Grant, on: date, reason: str, by: User | None = None, at: datetime | None = None
) -> Grant:
    """Take a grant back: `on` is the first day on which it no longer holds. Who and why are kept."""
    if not reason:
        raise ValidationError("Write down why the grant ends.")
    if GrantEnding.objects.filter(grant=grant).exists():
        raise ValidationError("This grant was ended before.")
    grant.during = _range(grant.during.lower, on)
    grant.save(update_fields=["during"])
    GrantEnding.objects.create(grant=grant, ended_by=by, reason=reason, recorded_at=at or timezone.now())
    return grant


@transaction.atomic
def appoint_founding_verifier(
    *,
    user: User,
    organisation: Organisation | None,
    start: date,
    reason: str,
    by: User | None = None,
    at: datetime | None = None,
) -> Grant:
    """The board appoints somebody by name to confirm the first level 3 and 4, for 24 months."""
    return grant(
        user=user,
        role=Grant.Role.FOUNDING_VERIFIER,
        scope=organisation,
        start=start,
        end=months_after(start, FOUNDING_VERIFIER_MONTHS),
        reason=reason,
        by=by,
        at=at,
    )


def _range(start: date, end: date | None) -> DateRange:
    if end is not None and end <= start:
        raise ValidationError("The end must come after the start.")
    return during(start, end)
