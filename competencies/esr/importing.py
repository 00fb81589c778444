"""A file from ESR, taken in: what it brings is said on the record, and evidence follows from there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q
from django.utils import timezone

from learning.actions import actor_for, actors_for, store_statements
from workforce.imports.bulk import any_of, copy_in
from workforce.imports.staff import FILE_NAME_LENGTH, Stale
from workforce.imports.tables import UTF_8, WINDOWS, Row, read_table
from workforce.models import Membership, Organisation, Post, User

from ..models import EsrImport, EsrName, EsrTaken
from .columns import COLUMNS, NEEDED
from .planning import Credit, Known, Name, Plan, Staff, plan_of, staff_numbers
from .statements import accepted

AT_A_TIME = 1_000


@dataclass(frozen=True)
class Summary:
    """What a file brings. `esr_import` is missing after a dry run, and where nothing was new."""

    plan: Plan
    esr_import: EsrImport | None


@transaction.atomic
def import_esr(
    *,
    organisation: Organisation,
    data: bytes,
    file_name: str = "",
    by: User | None = None,
    dry_run: bool = False,
    plan: str | None = None,
    at: datetime | None = None,
) -> Summary:
    """Accept what a file from ESR says that people learned elsewhere: levels 1 and 2 only.

    A file, or a row, that comes again changes nothing. With the `plan` of a dry run it is done only if it is still
    the same, else it raises `Stale`. Raises `Refused` with every fault. In both cases nothing is stored.
    """
    now = at or timezone.now()
    rows = read_esr(data)
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one file at a time
    made = plan_of(rows, _known(organisation, rows, timezone.localdate(now), by))
    if plan is not None and plan != made.digest:
        raise Stale
    if dry_run or not made.credits:
        return Summary(made, None)
    taken_in = EsrImport.objects.create(
        organisation=organisation,
        file_name=file_name[-FILE_NAME_LENGTH:],
        digest=hashlib.sha256(data).hexdigest(),
        counts=made.counts,
        imported_by=by,
        recorded_at=now,
    )
    _store(taken_in, made.credits, by, at)
    return Summary(made, taken_in)


def read_esr(data: bytes) -> list[Row]:
    """The rows of a file from ESR, in UTF-8 or the older Windows encoding. Raises `Refused`."""
    needed = [column.lower() for column in NEEDED]
    optional = [column.lower() for column in COLUMNS if column not in NEEDED]
    return read_table(data, needed, optional=optional, encodings=(UTF_8, WINDOWS))


def _known(organisation: Organisation, rows: Sequence[Row], today: date, by: User | None) -> Known:
    in_post = Post.objects.filter(membership=OuterRef("pk"), superseded_at=None, during__contains=today)
    numbers = sorted(staff_numbers(rows))
    staff = {
        number: Staff(pk, user, is_in_post)
        for number, pk, user, is_in_post in Membership.objects.filter(
            any_of("staff_number", numbers, CharField()), organisation=organisation
        )
        .annotate(is_in_post=Exists(in_post))
        .values_list("staff_number", "pk", "user_id", "is_in_post")
        if number is not None
    }
    taken = EsrTaken.objects.filter(
        any_of("membership_id", [each.membership for each in staff.values()], BigIntegerField()),
        is_undone=False,
    )
    return Known(
        names=_names(organisation),
        staff=staff,
        taken=set(taken.values_list("membership_id", "esr_name_id", "awarded")),
        today=today,
        sender=by.pk if by else None,
    )


def _names(organisation: Organisation) -> dict[str, Name]:
    """The names that count in an organisation; its own stand before national ones."""
    here = EsrName.objects.filter(Q(organisation=None) | Q(organisation=organisation))
    own_last = here.order_by(F("organisation").asc(nulls_first=True), "pk")
    found = {}
    for name in own_last.prefetch_related("credits__capability"):
        shows = ", ".join(f"{each.capability.code} at level {each.level}" for each in name.credits.all())
        if shows:
            found[name.folded] = Name(name.pk, name.name, shows)
    return found


def _store(taken_in: EsrImport, credits: Sequence[Credit], by: User | None, at: datetime | None) -> None:
    names = EsrName.objects.in_bulk({credit.name for credit in credits})
    sender = actor_for(by) if by else None
    for start in range(0, len(credits), AT_A_TIME):
        some = credits[start : start + AT_A_TIME]
        actors = actors_for(User(pk=credit.user) for credit in some)
        undone = _times_undone(some)
        statements = []
        for credit in some:
            name = names[credit.name]
            times = undone.get((credit.membership, credit.name, credit.awarded), 0)
            statements.append(
                accepted(taken_in.organisation.code, credit, name, actors[credit.user], sender, times)
            )
        stored = store_statements(statements=statements, at=at)
        copy_in(
            [
                EsrTaken(
                    esr_import=taken_in,
                    membership_id=credit.membership,
                    esr_name_id=credit.name,
                    awarded=credit.awarded,
                    statement_id=id,
                )
                for credit, id in zip(some, stored, strict=True)
            ]
        )


def _times_undone(credits: Sequence[Credit]) -> dict[tuple[int, int, date], int]:
    memberships = [credit.membership for credit in credits]
    undone = EsrTaken.objects.filter(any_of("membership_id", memberships, BigIntegerField()), is_undone=True)
    found: dict[tuple[int, int, date], int] = {}
    for key in undone.values_list("membership_id", "esr_name_id", "awarded"):
        found[key] = found.get(key, 0) + 1
    return found
