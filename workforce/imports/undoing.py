"""A staff list, taken back: what was believed before it is believed again.

Nothing is deleted. Posts and leave that the list added are superseded, and those that it superseded are written
once more, so a figure printed in between can be printed again. Accounts stay: they may have been used.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.utils import timezone

from workforce.imports.accounts import ACCOUNT_FIELDS, relied_on_elsewhere
from workforce.imports.bulk import any_of, copy_in
from workforce.imports.faults import Fault, Refused
from workforce.imports.staff import UPDATE_BATCH
from workforce.models import (
    Absence,
    ListedChange,
    Membership,
    Organisation,
    Post,
    StaffImport,
    StaffImportUndoing,
    User,
)
from workforce.signals import posts_changed

MOST_NAMED = 10
Field = ListedChange.Field


@transaction.atomic
def undo_staff_import(
    *, staff_import: StaffImport, reason: str, by: User | None = None, at: datetime | None = None
) -> StaffImportUndoing:
    """Take a staff list back. Raises `Refused` with every reason why not, and then nothing is changed."""
    if not reason.strip():
        raise ValidationError("Write down why the list is undone.")
    Organisation.objects.select_for_update().get(pk=staff_import.organisation_id)  # one list at a time
    faults = why_not_undo(staff_import)
    if faults:
        raise Refused(faults)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            _take_back(Post, staff_import, at)
            _take_back(Absence, staff_import, at)
            _put_back(staff_import)
    except IntegrityError as error:
        problem = "Posts, addresses or staff numbers that would come back are in use again."
        raise Refused([Fault(0, "", problem, "Send a newer list that says what is true.")]) from error
    posts_changed.send(sender=Post, organisation_id=staff_import.organisation_id, users=None)
    return StaffImportUndoing.objects.create(
        staff_import=staff_import, undone_by=by, reason=reason.strip(), recorded_at=at
    )


def why_not_undo(staff_import: StaffImport) -> list[Fault]:
    """Each reason for which a list cannot be taken back now; none, and it can."""
    return [Fault(0, "", *said) for said in _reasons(staff_import)]


def _reasons(staff_import: StaffImport) -> Iterator[tuple[str, str]]:
    if StaffImportUndoing.objects.filter(staff_import=staff_import).exists():
        yield "This list was undone before.", "There is nothing left to do."
        return
    if not staff_import.plan:
        problem = "This list was taken in before the service kept what a list changes."
        yield problem, "Send a newer list that says what is true."
        return
    later = _later(staff_import).first()
    if later is not None:
        yield f"A list of {later.on:%d/%m/%Y} was taken in after this one.", "Undo that one first."
        return
    newer = "Send a newer list that says what is true."
    if numbers := _named(_changed_by_hand(staff_import)):
        yield f"Posts or leave have changed since, for {numbers}.", newer
    if numbers := _named(_changed_values(staff_import)):
        yield f"Names, addresses or staff numbers have changed since, for {numbers}.", newer
    if numbers := _named(_relied_on(staff_import)):
        problem = f"The list changed the address of an account that others now rely on, for {numbers}."
        yield problem, "Ask the person to change the address, then send a newer list."


def _later(staff_import: StaffImport) -> QuerySet[StaffImport]:
    later = StaffImport.objects.filter(organisation_id=staff_import.organisation_id, undoing=None)
    return later.filter(pk__gt=staff_import.pk).order_by("-pk")


def _changed_by_hand(staff_import: StaffImport) -> set[int]:
    """Whose posts or leave on the list are no longer believed, or who joined by it and got others since.

    Asked one by one, with arrays: as one condition it takes minutes for a long list that is fresh in the tables.
    """
    by_hand = Q(superseded_in=None) | Q(superseded_in__undoing=None)
    changes = staff_import.changes.filter(field=Field.STAFF_NUMBER, before=None)
    joined = any_of("membership_id", list(changes.values_list("membership_id", flat=True)), BigIntegerField())
    found: set[int] = set()
    for model in (Post, Absence):
        listed = model.objects.filter(by_hand, listed_in=staff_import, superseded_at__isnull=False)
        others = model.objects.filter(joined, superseded_at=None, recorded_at__gt=staff_import.recorded_at)
        found.update(listed.values_list("membership_id", flat=True))
        found.update(others.exclude(listed_in=staff_import).values_list("membership_id", flat=True))
    return found


def _changed_values(staff_import: StaffImport) -> set[int]:
    """Whose name, address, first day or staff number is no longer as the list left it."""
    changes = staff_import.changes.all()
    now = {
        Field.NAME: F("membership__user__name"),
        Field.EMAIL: F("membership__user__email"),
        Field.STAFF_NUMBER: F("membership__staff_number"),
    }
    differing = Q(pk__in=[])
    for field, value in now.items():
        differing |= Q(field=field) & ~Q(after=value)
    pks = set(changes.filter(differing).values_list("membership_id", flat=True))
    days = changes.filter(field=Field.FIRST_NHS_DAY).values_list(
        "membership_id", "after", "membership__user__first_nhs_day"
    )
    pks |= {pk for pk, after, day in days if after != str(day)}
    return pks


def _relied_on(staff_import: StaffImport) -> set[int]:
    """Whose address the list changed, where somebody else relies on the account by now."""
    changed = staff_import.changes.filter(field=Field.EMAIL)
    users = list(changed.values_list("membership__user", flat=True))
    elsewhere = relied_on_elsewhere(staff_import.organisation).filter(
        any_of("user_id", users, BigIntegerField())
    )
    relied_on = Q(membership__user__is_staff=True) | Q(membership__user__is_superuser=True)
    relied_on |= Q(membership__user__in=set(elsewhere.values_list("user", flat=True)))
    return set(changed.filter(relied_on).values_list("membership", flat=True))


def _named(memberships: set[int]) -> str:
    """Some of them, so that they can be looked up."""
    some = Membership.objects.filter(pk__in=sorted(memberships)[:MOST_NAMED]).order_by("pk")
    words = ", ".join(each.staff_number or f"membership {each.pk}" for each in some)
    return f"{words} and others" if len(memberships) > MOST_NAMED else words


def _take_back(model: type[Post] | type[Absence], staff_import: StaffImport, at: datetime) -> None:
    model.objects.filter(listed_in=staff_import, superseded_at=None).update(superseded_at=at)
    rows: list[Any] = list(model.objects.filter(superseded_in=staff_import).order_by("pk"))
    worn = _overlays(rows) if model is Post else []
    old = {row.pk: row for row in rows}
    for row in rows:
        row.pk, row.recorded_at, row.superseded_at, row.superseded_in_id = None, at, None, None
    copy_in(rows)
    through = Post.overlays.through
    copy_in([through(post_id=old[post].pk, overlay_id=overlay) for post, overlay in worn])


def _overlays(posts: Iterable[Post]) -> list[tuple[int, int]]:
    worn = Post.overlays.through.objects.filter(
        any_of("post_id", [post.pk for post in posts], BigIntegerField())
    )
    return list(worn.order_by("pk").values_list("post_id", "overlay_id"))


def _put_back(staff_import: StaffImport) -> None:
    """Give accounts and memberships the values that they had before."""
    changes = list(staff_import.changes.select_related("membership__user").order_by("pk"))
    numbers = [change for change in changes if change.field == Field.STAFF_NUMBER]
    users: dict[int, User] = {}
    for change in changes:
        if change.field in ACCOUNT_FIELDS:
            user = users.setdefault(change.membership.user_id, change.membership.user)
            setattr(user, change.field, _value(change))
    # Blank first: two people may have swapped their addresses or numbers.
    emails = [change.membership.user_id for change in changes if change.field == Field.EMAIL]
    User.objects.filter(any_of("pk", emails, BigIntegerField())).update(email=None)
    User.objects.bulk_update(users.values(), sorted(ACCOUNT_FIELDS), batch_size=UPDATE_BATCH)
    pks = [change.membership_id for change in numbers]
    Membership.objects.filter(any_of("pk", pks, BigIntegerField())).update(staff_number=None)
    had = [change.membership for change in numbers if change.before is not None]
    for change in numbers:
        change.membership.staff_number = change.before
    Membership.objects.bulk_update(had, ["staff_number"], batch_size=UPDATE_BATCH)


def _value(change: ListedChange) -> str | date | None:
    if change.field == Field.FIRST_NHS_DAY and change.before is not None:
        return date.fromisoformat(change.before)
    return change.before
