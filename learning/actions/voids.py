"""What a voiding statement does when it is stored (Data 2.3.2)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from .. import verbs
from ..errors import NotAllowed
from ..facts import Fact
from ..models import Credential, Statement
from ..xapi import Invalid


def check_voiding(batch: Sequence[Fact], credential: Credential | None) -> None:
    """Refuse a voiding statement whose target cannot be voided, or not by this credential.

    A target that is not here yet is no fault: it is voided when it arrives.
    """
    voiding = {
        UUID(row.target): position
        for position, row in enumerate(batch)
        if row.verb == verbs.VOIDED and row.target
    }
    if not voiding:
        return
    here = {UUID(row.id): row.as_statement() for row in batch} | Statement.objects.in_bulk(list(voiding))
    for target in (here[target] for target in voiding if target in here):
        if target.verb == verbs.VOIDED:
            path = f"[{voiding[target.id]}].object.id" if len(batch) > 1 else "object.id"
            raise Invalid(path, "a voiding statement cannot itself be voided")
        if not _may_void(credential, target):
            raise NotAllowed("This credential may void only the statements that it wrote itself.")


def apply_voiding(
    stored: Mapping[UUID, Statement], awaited: Collection[UUID], at: datetime
) -> list[Statement]:
    """Void what the newly `stored` statements void, and those of them that were voided before they came.

    Whether they may is asked again: a target may have come from somebody else after `check_voiding` looked for it.
    `awaited` are those of them that others refer to. Returns the statements stored earlier and voided now.
    """
    if awaited:
        _void_on_arrival({target: stored[target] for target in awaited}, at)
    voiding = {s.target: s for s in stored.values() if s.verb == verbs.VOIDED and s.target}
    if not voiding:
        return []
    found = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("actor", "activity", "credential")
        .filter(pk__in=list(voiding), voided_by__isnull=True)
        .order_by("pk")
    )
    targets = [target for target in found if _takes_effect(voiding[target.id], target)]
    for target in targets:
        # One that came in the same batch is also in the caller's hands.
        for statement in (target, stored.get(target.id, target)):
            _void(statement, voiding[target.id], at)
    Statement.objects.bulk_update(targets, ["voided_by", "voided_at"])
    return [target for target in targets if target.id not in stored]


def _void_on_arrival(stored: Mapping[UUID, Statement], at: datetime) -> None:
    waiting = Statement.objects.filter(target__in=list(stored), verb=verbs.VOIDED).exclude(
        pk__in=list(stored)
    )
    voided = []
    for voiding in waiting.select_related("credential"):
        target = stored[voiding.target] if voiding.target else None
        if target and not target.voided_by and _takes_effect(voiding, target):
            _void(target, voiding, at)
            voided.append(target)
    if voided:
        Statement.objects.bulk_update(voided, ["voided_by", "voided_at"])


def _void(target: Statement, voiding: Statement, at: datetime) -> None:
    target.voided_by, target.voided_at = voiding.id, at


def _takes_effect(voiding: Statement, target: Statement) -> bool:
    return target.verb != verbs.VOIDED and _may_void(voiding.credential, target)


def _may_void(credential: Credential | None, target: Statement) -> bool:
    """This system may void anything; so may a credential for everything that is not tied to an organisation."""
    if credential is None or target.credential_id == credential.pk:
        return True
    return credential.organisation_id is None and credential.allows(Credential.Scope.ALL)
