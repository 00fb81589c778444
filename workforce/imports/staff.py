"""An organisation's staff list, set against what is stored: everything changes together, or nothing does."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import token_urlsafe

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField
from django.utils import timezone

from workforce.imports.accounts import Match, match_accounts
from workforce.imports.bulk import any_of, copy_in
from workforce.imports.faults import Fault, Refused
from workforce.imports.plans import Change, Told, Words, digest, place, terms
from workforce.imports.settling import Span, settle
from workforce.imports.staff_rows import COLUMNS, Known, Person, people_in
from workforce.imports.tables import read_table
from workforce.models import (
    Absence,
    ListedChange,
    Membership,
    Organisation,
    Overlay,
    Post,
    StaffImport,
    Team,
    Tier,
    User,
)
from workforce.models.ranges import during
from workforce.signals import posts_changed

LONG_LEAVE_DAYS = 28  # leave of more days than this is long
MOST_LEAVERS = 0.2  # a list from which a larger share of the people is gone is taken for a part of one
FEW_PEOPLE = 10
FILE_NAME_LENGTH = 200
UPDATE_BATCH = 500  # each row of an update adds a branch to its SQL


@dataclass(slots=True)
class Summary:
    """What a staff list changed, in people: each is in one of joiners, movers, leavers, unchanged, not in post.

    `plan` is the digest of all of it, and `told` says it in words. A dry run leaves no `staff_import`.
    """

    people: dict[str, list[str]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    plan: str = ""
    staff_import: StaffImport | None = None
    linked: int = 0
    on_long_leave: int = 0
    posts_added: int = 0
    posts_superseded: int = 0
    tiers: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        kinds = {kind: len(self.people.get(kind, [])) for kind in KINDS}
        return {
            **kinds,
            "linked to an existing account": self.linked,
            "on long leave": self.on_long_leave,
            "post rows added": self.posts_added,
            "post rows superseded": self.posts_superseded,
        }


KINDS = ("joiners", "movers", "leavers", "unchanged", "not in post on the day")


class Stale(Exception):
    """What a list would change is no longer what was previewed; nothing was stored."""


def import_staff(
    *,
    organisation: Organisation,
    data: bytes,
    on: date,
    partial: bool = False,
    dry_run: bool = False,
    leavers_expected: bool = False,
    plan: str | None = None,
    file_name: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> Summary:
    """Make posts and leave agree with a staff list that was true on a day.

    People who are not on a whole list leave on that day; a partial list says nothing about them. A dry run does
    all of it and takes it back. With the `plan` of a dry run it is done only if it is still the same, else it
    raises `Stale`. Raises `Refused` with every fault. In both cases nothing is stored.
    """
    taken = StaffImport(
        organisation=organisation,
        on=on,
        is_partial=partial,
        file_name=file_name[-FILE_NAME_LENGTH:],
        digest=hashlib.sha256(data).hexdigest(),
        imported_by=by,
        recorded_at=at or timezone.now(),
    )
    try:
        with transaction.atomic():
            summary = _import(taken, data, leavers_expected, plan)
            if not dry_run:
                posts_changed.send(sender=Post, organisation_id=organisation.pk, users=None)
            transaction.set_rollback(dry_run)
        summary.staff_import = None if dry_run else taken
    except IntegrityError as error:
        problem = "Somebody else changed these people or posts at the same time."
        raise Refused([Fault(0, "", problem, "Send the list again.")]) from error
    return summary


def _import(taken: StaffImport, data: bytes, leavers_expected: bool, plan: str | None) -> Summary:
    organisation, on = taken.organisation, taken.on
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one list at a time
    _check_day(organisation, on)
    people = people_in(read_table(data, COLUMNS), _known(organisation))
    matches = match_accounts(organisation, people, everyone=not taken.is_partial)
    changes = _changes(organisation, matches, on)
    summary = _summary(organisation, changes, on)
    if not (taken.is_partial or leavers_expected):
        _check_leavers(summary)
    if plan is not None and plan != summary.plan:
        raise Stale
    taken.counts, taken.plan = summary.counts, summary.plan
    taken.save()
    _store(changes, taken)
    return summary


def _check_day(organisation: Organisation, on: date) -> None:
    if organisation.closed and on > organisation.closed:
        problem = f"{organisation.code} closed on {organisation.closed:%d/%m/%Y}."
        raise Refused([Fault(0, "", problem, "Use the code of the organisation that carries on its work.")])
    last = StaffImport.objects.filter(organisation=organisation, undoing=None).order_by("on").last()
    if last is not None and on < last.on:
        problem = f"A list of {last.on:%d/%m/%Y} was taken in already, and this one is of {on:%d/%m/%Y}."
        raise Refused([Fault(0, "", problem, "Send a newer list, or give the day on which it was true.")])


def _known(organisation: Organisation) -> Known:
    overlays: dict[str, dict[str, int]] = {}
    for tier, key, pk in Overlay.objects.filter(tiers__isnull=False).values_list("tiers__key", "key", "pk"):
        overlays.setdefault(tier, {})[key] = pk
    return Known(
        teams=dict(Team.objects.filter(organisation=organisation).values_list("code", "pk")),
        tiers=dict(Tier.objects.values_list("key", "pk")),
        overlays=overlays,
    )


def _changes(organisation: Organisation, matches: list[Match], on: date) -> list[Change]:
    posts, leave = _believed_posts(organisation), _believed_leave(organisation)
    changes = []
    for match in matches:
        believed, away = posts.get(match.membership.pk, []), leave.get(match.membership.pk, [])
        stated = match.person or Person(0, "", "", None, None)
        changes.append(
            Change(match, believed, settle(believed, stated.posts, on), settle(away, stated.leave, on))
        )
    return changes


def _believed_posts(organisation: Organisation) -> dict[int, list[Span]]:
    posts = Post.objects.filter(membership__organisation=organisation, superseded_at=None)
    overlays: dict[int, list[int]] = {}
    for post, overlay in Post.overlays.through.objects.filter(post__in=posts).values_list(
        "post_id", "overlay_id"
    ):
        overlays.setdefault(post, []).append(overlay)
    believed: dict[int, list[Span]] = {}
    columns = ("pk", "membership_id", "team_id", "tier_id", "engagement", "during")
    for pk, membership, team, tier, engagement, days in posts.values_list(*columns):
        detail = (engagement, tuple(sorted(overlays.get(pk, []))))
        believed.setdefault(membership, []).append(Span((team, tier), days.lower, days.upper, detail, pk))
    return believed


def _believed_leave(organisation: Organisation) -> dict[int, list[Span]]:
    believed: dict[int, list[Span]] = {}
    absences = Absence.objects.filter(membership__organisation=organisation, superseded_at=None)
    for pk, membership, days in absences.values_list("pk", "membership_id", "during"):
        believed.setdefault(membership, []).append(Span("leave", days.lower, days.upper, row=pk))
    return believed


def _summary(organisation: Organisation, changes: list[Change], on: date) -> Summary:
    tiers = dict(Tier.objects.values_list("pk", "label"))
    words = Words(dict(Team.objects.filter(organisation=organisation).values_list("pk", "name")), tiers)
    summary = Summary(tiers=Counter(dict.fromkeys(tiers.values(), 0)), plan=digest(changes))
    for change in changes:
        before, after = _held(change.believed, on), _held(change.posts.now, on)
        kind = _kind(before, after)
        summary.people.setdefault(kind, []).append(change.match.membership.staff_number or "")
        if said := words.of(change):
            summary.told.append(Told(kind, *change.known_as, said))
        summary.linked += change.match.is_linked
        summary.on_long_leave += bool(after) and any(_is_long(span, on) for span in change.leave.now)
        summary.posts_added += len(change.posts.added)
        summary.posts_superseded += len(change.posts.superseded)
        summary.tiers.update({tiers[tier] for _, tier in after})
    return summary


def _held(spans: Iterable[Span], on: date) -> set[tuple[int, int]]:
    return {place(span) for span in spans if span.holds(on)}


def _kind(before: set[tuple[int, int]], after: set[tuple[int, int]]) -> str:
    joiners, movers, leavers, unchanged, not_in_post = KINDS
    if before == after:
        return unchanged if after else not_in_post
    if before and after:
        return movers
    return joiners if after else leavers


def _is_long(span: Span, on: date) -> bool:
    return span.holds(on) and (span.end is None or (span.end - span.start).days > LONG_LEAVE_DAYS)


def _check_leavers(summary: Summary) -> None:
    leavers = summary.counts["leavers"]
    before = leavers + summary.counts["movers"] + summary.counts["unchanged"]
    if before > FEW_PEOPLE and leavers > MOST_LEAVERS * before:
        problem = f"{leavers} of {before} people would leave, so this may be a part of the list."
        remedy = "If it is a part, say so (--partial). If they did leave, say so (--leavers-expected)."
        raise Refused([Fault(0, "", problem, remedy)])


def _store(changes: list[Change], taken: StaffImport) -> None:
    _store_accounts([change.match for change in changes], taken)
    _supersede(Post, [span.row for change in changes for span in change.posts.superseded], taken)
    _supersede(Absence, [span.row for change in changes for span in change.leave.superseded], taken)
    added = [(_post(change, span, taken), span) for change in changes for span in change.posts.added]
    copy_in([post for post, _ in added])
    worn = Post.overlays.through
    copy_in([worn(post_id=post.pk, overlay_id=pk) for post, span in added for pk in terms(span)[1]])
    copy_in([_absence(change, span, taken) for change in changes for span in change.leave.added])


def _supersede(model: type[Post] | type[Absence], rows: list[int | None], taken: StaffImport) -> None:
    model.objects.filter(any_of("pk", rows, BigIntegerField())).update(
        superseded_at=taken.recorded_at, superseded_in=taken
    )


def _post(change: Change, span: Span, taken: StaffImport) -> Post:
    team, tier = place(span)
    engagement, _ = terms(span)
    return Post(
        membership=change.match.membership,
        team_id=team,
        tier_id=tier,
        engagement=engagement,
        during=during(span.start, span.end),
        recorded_at=taken.recorded_at,
        listed_in=taken,
    )


def _absence(change: Change, span: Span, taken: StaffImport) -> Absence:
    return Absence(
        membership=change.match.membership,
        during=during(span.start, span.end),
        recorded_at=taken.recorded_at,
        listed_in=taken,
    )


def _store_accounts(matches: list[Match], taken: StaffImport) -> None:
    new = [match.user for match in matches if match.user.pk is None]
    for user in new:
        user.password = UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)
    copy_in(new)
    changed = [match.user for match in matches if match.is_changed]
    User.objects.bulk_update(changed, ["name", "email", "first_nhs_day"], batch_size=UPDATE_BATCH)
    numbered = [match.membership for match in matches if match.is_renumbered]
    Membership.objects.bulk_update(numbered, ["staff_number"], batch_size=UPDATE_BATCH)
    joined = [match for match in matches if match.membership.pk is None]
    for match in joined:
        match.membership.user_id = match.user.pk
        match.before["staff_number"] = None
    copy_in([match.membership for match in joined])
    copy_in([change for match in matches for change in _listed_changes(match, taken)])


def _listed_changes(match: Match, taken: StaffImport) -> list[ListedChange]:
    return [
        ListedChange(
            staff_import=taken,
            membership=match.membership,
            field=name,
            before=None if before is None else str(before),
            after=str(match.value(name)),
        )
        for name, before in match.before.items()
    ]
