import json
from enum import IntFlag
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from .activities import Activity
from .actors import Actor
from .credentials import Credential


class Statement(models.Model):
    """One xAPI statement: the payload as it was received, and beside it only what queries filter on.

    Immutable. Voiding fills `voided_by` and `voided_at` and touches nothing else.

    Actors, activities and credentials are never deleted, and an id follows from a name, so the foreign keys need
    no check by the database: it would lock the same few rows of `activity` and `credential` for every statement.
    """

    id = models.UUIDField(primary_key=True)
    stored = models.DateTimeField(help_text="When this record received it; within a batch, in its order.")
    payload = models.TextField(help_text="The JSON, completed once with what the record itself must add.")
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        related_name="statements",
        db_index=False,
        db_constraint=False,
        help_text="Empty for an anonymous group.",
    )
    verb = models.TextField()
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        related_name="statements",
        db_index=False,
        db_constraint=False,
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
        db_index=False,
        db_constraint=False,
        help_text="Who wrote it. Empty for this system itself.",
    )

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
        # Each ends so that one page is read in order and without a sort, however much is stored.
        indexes = [
            # GET /xapi/statements, page by page.
            models.Index(fields=["stored", "id"], name="statement_by_stored"),
            # GET …?verb=
            models.Index(fields=["verb", "stored", "id"], name="statement_by_verb"),
            # GET …?agent= with or without &verb=; what a person did.
            models.Index(fields=["actor", "stored", "id", "verb"], name="statement_by_actor"),
            # GET …?activity= with or without &verb=; what was done with an activity.
            models.Index(fields=["activity", "stored", "id", "verb"], name="statement_by_activity"),
            # Whatever a credential with statements/read/mine asks for.
            models.Index(fields=["credential", "stored", "id"], name="statement_by_credential"),
            # GET …?registration=
            models.Index(
                fields=["registration", "stored", "id"],
                name="statement_by_registration",
                condition=Q(registration__isnull=False),
            ),
            # What refers to a statement, also to one that has not come yet.
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

    @property
    def activity_iris(self) -> set[str]:
        """The IRI of its object, where that is an activity, and those of its context."""
        listed = [self.content["object"]] if self.activity_id else []
        for activities in self.content.get("context", {}).get("contextActivities", {}).values():
            listed += activities if isinstance(activities, list) else [activities]
        return {activity["id"] for activity in listed}


class Usage(IntFlag):
    """Where an actor or an activity stands in a statement, apart from being its actor or its object itself."""

    MEMBER = 1  # of the group that acted
    OBJECT = 2  # or a member of the group that is the object
    INSTRUCTOR = 4
    TEAM = 8
    CONTEXT = 16  # an agent or group of the context (2.0)
    PARENT = 32
    GROUPING = 64
    CATEGORY = 128
    OTHER = 256
    SUBSTATEMENT = 512  # anywhere in a statement within the statement


class _Link(models.Model):
    """One row for each actor or activity of a statement, in the order in which pages are read."""

    stored = models.DateTimeField()
    usages = models.SmallIntegerField(help_text="The sum of its usages.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{Usage(self.usages)!r} in {self.statement_id}"  # type: ignore[attr-defined]


class StatementActor(_Link):
    """An actor in a statement. Members of a group stand where the group stands."""

    pk = models.CompositePrimaryKey("target_id", "stored", "statement_id")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    target = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="links", db_index=False, db_constraint=False
    )


class StatementActivity(_Link):
    """An activity in a statement."""

    pk = models.CompositePrimaryKey("target_id", "stored", "statement_id")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    target = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="links", db_index=False, db_constraint=False
    )


class StatementReference(models.Model):
    """A statement, and one that it refers to, directly or through others.

    Asked for what the second is about, the record also gives the first (Communication 2.1.3). So what queries
    filter on is repeated here, in the order in which pages are read.
    """

    pk = models.CompositePrimaryKey("statement_id", "target_id")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="references", db_index=False
    )
    stored = models.DateTimeField()
    target = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="referred_by")
    target_stored = models.DateTimeField()
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    verb = models.TextField()
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    registration = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["verb", "stored", "statement"], name="reference_by_verb"),
            models.Index(fields=["actor", "stored", "statement", "verb"], name="reference_by_actor"),
            models.Index(fields=["activity", "stored", "statement", "verb"], name="reference_by_activity"),
            models.Index(
                fields=["registration", "stored", "statement"],
                name="reference_by_registration",
                condition=Q(registration__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} refers to {self.target_id}"
