import json
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from .activities import Activity
from .actors import Actor
from .credentials import Credential

# One statement of SQL whatever the batch, and the only one that can say which rows were new:
# the ORM's bulk_create(ignore_conflicts=True) does not return them.
_INSERT_NEW = """
    INSERT INTO learning_statement
        (id, stored, payload, actor_id, verb, activity_id, target, registration, timestamp, credential_id)
    SELECT * FROM unnest(
        %s::uuid[], %s::timestamptz[], string_to_array(%s, %s), %s::bigint[], %s::text[], %s::bigint[],
        %s::uuid[], %s::uuid[], %s::timestamptz[], %s::bigint[]
    )
    ON CONFLICT (id) DO NOTHING
    RETURNING id
"""

# JSON holds no raw control character, so this one can part payloads; as a text[] each would be quoted twice.
_BETWEEN_PAYLOADS = "\x1e"

_LINK_ACTORS = """
    INSERT INTO learning_statementactor (statement_id, target_id, usage)
    SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[])
"""

_LINK_ACTIVITIES = """
    INSERT INTO learning_statementactivity (statement_id, target_id, usage)
    SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[])
"""

# Statement, actor or activity, usage.
Link = tuple[UUID, int, str]


class StatementManager(models.Manager["Statement"]):
    def insert_new(self, statements: Sequence["Statement"]) -> set[UUID]:
        """Insert those whose id is new and return these ids. A taken id is left as it is.

        Rows go in by id, so that two batches that share ids wait for each other instead of deadlocking.
        """
        if not statements:
            return set()
        ordered = sorted(statements, key=lambda statement: statement.id)
        columns: list[Any] = [
            [s.id for s in ordered],
            [s.stored for s in ordered],
            _BETWEEN_PAYLOADS.join(s.payload for s in ordered),
            _BETWEEN_PAYLOADS,
            [s.actor_id for s in ordered],
            [s.verb for s in ordered],
            [s.activity_id for s in ordered],
            [s.target for s in ordered],
            [s.registration for s in ordered],
            [s.timestamp for s in ordered],
            [s.credential_id for s in ordered],
        ]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_NEW, columns)
            return {row[0] for row in cursor.fetchall()}

    def link(self, actors: Collection[Link], activities: Collection[Link]) -> None:
        """Say which actors and activities the statements name, and where."""
        with connection.cursor() as cursor:
            for sql, links in ((_LINK_ACTORS, actors), (_LINK_ACTIVITIES, activities)):
                if links:
                    cursor.execute(sql, [list(column) for column in zip(*links, strict=True)])


class Statement(models.Model):
    """One xAPI statement: the payload as it was received, and beside it only what queries filter on.

    Immutable. Voiding fills `voided_by` and `voided_at` and touches nothing else.
    """

    id = models.UUIDField(primary_key=True)
    stored = models.DateTimeField(help_text="When this record received it.")
    payload = models.TextField(help_text="The JSON, completed once with what the record itself must add.")
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        related_name="statements",
        db_index=False,
        help_text="Empty for an anonymous group.",
    )
    verb = models.TextField()
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        related_name="statements",
        db_index=False,
        help_text="Empty where the object is not an activity.",
    )
    target = models.UUIDField(null=True, help_text="The statement that this one is about.")
    registration = models.UUIDField(null=True)
    timestamp = models.DateTimeField(help_text="When it happened.")
    voided_by = models.UUIDField(null=True, help_text="The statement that voided this one.")
    voided_at = models.DateTimeField(null=True)
    credential = models.ForeignKey(
        Credential,
        on_delete=models.PROTECT,
        null=True,
        related_name="statements",
        help_text="Who wrote it. Empty for this system itself.",
    )

    objects: ClassVar[StatementManager] = StatementManager()

    class Meta:
        ordering = ["-stored", "-id"]
        constraints = [
            models.CheckConstraint(
                name="statement_voided_by_and_at",
                condition=Q(voided_by__isnull=True, voided_at__isnull=True)
                | Q(voided_by__isnull=False, voided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="statement_not_voided_by_itself",
                condition=Q(voided_by__isnull=True) | ~Q(voided_by=models.F("id")),
            ),
        ]
        indexes = [
            # GET /xapi/statements, page by page.
            models.Index(fields=["stored", "id"], name="statement_by_stored"),
            models.Index(fields=["verb", "stored", "id"], name="statement_by_verb"),
            # What a person did; what was done with an activity (evidence, attempts).
            models.Index(fields=["actor", "stored", "id"], name="statement_by_actor"),
            models.Index(fields=["activity", "verb", "stored"], name="statement_by_activity"),
            # GET …?registration=
            models.Index(
                fields=["registration", "stored"],
                name="statement_by_registration",
                condition=Q(registration__isnull=False),
            ),
            # A voiding statement that came before the statement it voids.
            models.Index(
                fields=["target", "verb"],
                name="statement_by_target",
                condition=Q(target__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The payload, read."""
        return json.loads(self.payload)


class StatementActor(models.Model):
    """Where an actor stands in a statement. Members of a group stand where the group stands."""

    class Usage(models.TextChoices):
        ACTOR = "actor"
        OBJECT = "object"
        INSTRUCTOR = "instructor"
        TEAM = "team"
        CONTEXT = "context", "Context agents and groups (2.0)"
        SUBSTATEMENT = "substatement", "Anywhere in a statement within the statement"

    pk = models.CompositePrimaryKey("statement_id", "target_id", "usage")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="actor_links", db_index=False
    )
    target = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="links", db_index=False)
    usage = models.CharField(max_length=12, choices=Usage)

    class Meta:
        # GET …?agent=
        indexes = [models.Index(fields=["target", "usage", "statement"], name="statements_of_actor")]

    def __str__(self) -> str:
        return f"{self.usage} of {self.statement_id}"


class StatementActivity(models.Model):
    """Where an activity stands in a statement."""

    class Usage(models.TextChoices):
        OBJECT = "object"
        PARENT = "parent"
        GROUPING = "grouping"
        CATEGORY = "category"
        OTHER = "other"
        SUBSTATEMENT = "substatement", "Anywhere in a statement within the statement"

    pk = models.CompositePrimaryKey("statement_id", "target_id", "usage")
    statement = models.ForeignKey(
        Statement,
        on_delete=models.CASCADE,
        related_name="activity_links",
        db_index=False,
    )
    target = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="links", db_index=False)
    usage = models.CharField(max_length=12, choices=Usage)

    class Meta:
        # GET …?activity=
        indexes = [models.Index(fields=["target", "usage", "statement"], name="statements_on_activity")]

    def __str__(self) -> str:
        return f"{self.usage} of {self.statement_id}"
