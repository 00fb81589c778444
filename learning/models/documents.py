from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from ..keys import key_of
from ..xapi.documents import Asked
from .credentials import Credential

# Only the database can say which of two first writers came first; a taken id is left as it is.
_INSERT_NEW = """
    INSERT INTO learning_document
        (id, kind, activity, agent, registration, name, content, content_type, etag, updated, credential_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO NOTHING
"""


class Place(NamedTuple):
    """Where documents are kept: around an activity, an agent or both, by ids that nobody needs to look up."""

    kind: str
    activity: UUID | None
    agent: UUID | None
    registration: UUID | None
    name: str

    @property
    def key(self) -> UUID:
        """The id of the document here. The name comes last, so that no name can look like another place."""
        return key_of("|".join(str(part or "") for part in self))

    @classmethod
    def of(cls, asked: Asked) -> "Place":
        activity, agent = (key_of(name) if name else None for name in (asked.activity, asked.agent))
        return cls(asked.kind.name, activity, agent, asked.registration, asked.name or "")


class DocumentManager(models.Manager["Document"]):
    def insert_new(self, document: "Document") -> bool:
        """Insert it unless another document is in its place already; whether it was inserted."""
        d = document
        row: list[Any] = [d.id, d.kind, d.activity, d.agent, d.registration, d.name]
        row += [d.content, d.content_type, d.etag, d.updated, d.credential_id]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_NEW, row)
            return cursor.rowcount == 1


class Document(models.Model):
    """Whatever a learning system keeps here beside statements: where a learner stopped, what they prefer.

    Its id follows from its place (Place.key), so one place holds one document whoever writes first.
    """

    class Kind(models.TextChoices):
        STATE = "state", "State of an agent in an activity"
        ACTIVITY = "activity", "Profile of an activity"
        AGENT = "agent", "Profile of an agent"

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    activity = models.UUIDField(
        null=True, help_text="The id of the activity, whether the record knows it or not."
    )
    agent = models.UUIDField(null=True, help_text="The id of the actor, whether the record knows it or not.")
    registration = models.UUIDField(null=True)
    name = models.TextField(help_text="Its stateId or profileId.")
    content = models.BinaryField()
    content_type = models.CharField(max_length=500)
    etag = models.CharField(max_length=40, help_text="The SHA-1 of its content, as xAPI 1.0.3 wants it.")
    updated = models.DateTimeField()
    credential = models.ForeignKey(
        Credential,
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
        help_text="Who wrote it first. Empty for this system itself.",
    )

    objects: ClassVar[DocumentManager] = DocumentManager()

    class Meta:
        ordering = ["updated", "id"]
        constraints = [
            models.CheckConstraint(
                name="document_is_around_what_its_kind_says",
                condition=Q(kind="state", activity__isnull=False, agent__isnull=False)
                | Q(kind="activity", activity__isnull=False, agent__isnull=True, registration__isnull=True)
                | Q(kind="agent", activity__isnull=True, agent__isnull=False, registration__isnull=True),
            ),
        ]
        indexes = [
            # GET and DELETE without the name of a document.
            models.Index(
                fields=["activity", "agent"], name="document_by_activity", condition=Q(activity__isnull=False)
            ),
            models.Index(fields=["agent"], name="document_by_agent", condition=Q(kind="agent")),
        ]

    def __str__(self) -> str:
        return self.name
