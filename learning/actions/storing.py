from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from ..definitions import merged
from ..errors import Conflict, Outdated
from ..facts import Facts, facts_of
from ..models import Activity, Credential, Statement
from ..prepared import transaction_began
from ..queries.credentials import Opened
from ..signals import statements_stored, statements_voided
from ..xapi import Invalid, Received, received, same_statement
from ..xapi.multipart import SentFile
from ..xapi.versions import Version
from .attachments import store_attachments
from .inserting import Inserted, insert
from .references import keep_references
from .voids import apply_voiding, check_voiding


@transaction.atomic
def store_statements(
    *,
    statements: Iterable[Mapping[str, object] | Received],
    credential: Credential | None = None,
    version: Version = Version.ONE,
    at: datetime | None = None,
    files: Mapping[str, SentFile] | None = None,
    opened: Opened | None = None,
) -> list[UUID]:
    """Keep statements, all or none, and return their ids in order, in a number of queries that does not grow.

    No credential means this system itself. `version` is the family of rules that they were read by. `at` sets when
    they were stored, for demonstration data. `files` came with them, by their hash. A statement that is already here
    is not kept twice. `opened` says that the credential was taken for granted, as it was then.
    Raises Invalid, Conflict, NotAllowed and Outdated.
    """
    facts = facts_of(_read(statements, version), credential=credential, version=version)
    if opened and not facts.rows:
        raise Outdated
    if facts.rows:
        _check_ids(facts)
        began = transaction_began(alone=_refers_to_what_is_missing(facts))
        stored = at or began  # what `consistent_through` goes by
        facts.stamp(stored)
        check_voiding(facts.rows, credential)
        inserted = insert(facts, opened)
        _refuse_conflicts(facts, inserted.new)
        if files:
            store_attachments(files=files, payloads=[row.payload for row in facts.rows], at=stored)
        _learn(inserted.outdated, facts)
        _follow(facts, inserted)
    return [UUID(row.id) for row in facts.rows]


def _read(statements: Iterable[Mapping[str, object] | Received], version: Version) -> Iterable[Received]:
    is_alone = isinstance(statements, Sequence) and len(statements) == 1
    for position, statement in enumerate(statements):
        try:
            yield statement if isinstance(statement, Received) else received(statement, version)
        except Invalid as fault:
            raise fault.under("" if is_alone else f"[{position}]") from None


def _check_ids(facts: Facts) -> None:
    seen: set[str] = set()
    for position, row in enumerate(facts.rows):
        if row.id in seen:
            raise Invalid(f"[{position}].id", "must differ from every other id in the same request")
        seen.add(row.id)


def _refers_to_what_is_missing(facts: Facts) -> bool:
    """Whether any is about a statement that is neither here nor in the same batch."""
    targets = {row.target for row in facts.rows if row.target} - {row.id for row in facts.rows}
    return len(targets) > Statement.objects.filter(pk__in=targets).count() if targets else False


def _refuse_conflicts(facts: Facts, new: set[str]) -> None:
    if len(new) == len(facts.rows):
        return
    sent = {row.id: row.sent for row in facts.rows if row.id not in new}
    found = Statement.objects.filter(pk__in=sent).values_list("pk", "payload")
    for statement_id, payload in found.iterator(chunk_size=500):
        if not same_statement(payload, msgspec.json.encode(sent[str(statement_id)])):
            raise Conflict(statement_id)


def _learn(outdated: Collection[str], facts: Facts) -> None:
    """Add to what is known of activities. In the order of their ids, so that no two batches wait for each other."""
    if not outdated:
        return
    changed = list(Activity.objects.select_for_update().filter(pk__in=outdated).order_by("pk"))
    for activity in changed:
        activity.definition = merged(activity.definition, facts.definitions[str(activity.pk)])
    Activity.objects.bulk_update(changed, ["definition"])


def _follow(facts: Facts, inserted: Inserted) -> None:
    """Let references and voiding take effect, and tell the rooms above what they may build on."""
    targets = {row.target for row in facts.rows if row.target}
    referring = {row.id for row in facts.rows if row.target}
    if targets or inserted.awaited:
        keep_references((referring | inserted.awaited) & inserted.new)
    is_trusted = facts.credential is None or facts.credential.gives_evidence
    personal = inserted.personal if is_trusted else set()
    new = _that_matter(facts, inserted.new, personal | inserted.awaited | targets)
    if not new:
        return
    voided = apply_voiding(new, {UUID(row_id) for row_id in inserted.awaited}, facts.rows[0].stored)
    standing = [one for one in new.values() if one.voided_by is None and str(one.id) in personal]
    if standing:
        statements_stored.send(sender=Statement, statements=standing)
    if voided:
        statements_voided.send(sender=Statement, statements=voided)


def _that_matter(facts: Facts, new: set[str], named: Collection[str]) -> dict[UUID, Statement]:
    """The new statements on which anything follows, with those that refer to others. Most are neither."""
    return {
        UUID(row.id): row.as_statement()
        for row in facts.rows
        if row.id in new and (row.target or row.id in named)
    }
