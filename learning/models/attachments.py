from typing import ClassVar

from django.db import models
from django.db.models import Q

from .statements import Statement


class Attachment(models.Model):
    """A file that came with statements, known by its hash: what is sent twice is kept once.

    The files lie in the same database as the statements, so that one transaction keeps both or neither, and one
    backup holds both (docs/adr/0016).
    """

    sha2 = models.CharField(
        max_length=128, unique=True, help_text="SHA-224, -256, -384 or -512, by its length; in lower case."
    )
    length = models.BigIntegerField(help_text="In bytes.")
    content_type = models.TextField(
        blank=True, help_text="As it was first sent; a statement may say otherwise."
    )
    stored = models.DateTimeField(help_text="When this record first received it.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="attachment_length_not_negative", condition=Q(length__gte=0)),
            models.CheckConstraint(
                name="attachment_sha2_in_lower_case",
                condition=Q(sha2__regex=r"^([0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$"),
            ),
        ]

    def __str__(self) -> str:
        return self.sha2


class AttachmentPart(models.Model):
    """A piece of a file. A row is a piece, so that a file goes in and out without ever being whole in memory."""

    LARGEST: ClassVar[int] = 1024 * 1024

    pk = models.CompositePrimaryKey("attachment_id", "position")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="parts", db_index=False)
    position = models.IntegerField(help_text="From 0.")
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="attachment_part_position_not_negative", condition=Q(position__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}[{self.position}]"


class StatementAttachment(models.Model):
    """A file came with a statement, and may be read by whoever may read that statement.

    That a statement names a hash is not enough: whoever knows the hash of a file does not therefore have the file.
    """

    pk = models.CompositePrimaryKey("statement_id", "attachment_id")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="attachment_links", db_index=False
    )
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="statement_links")

    def __str__(self) -> str:
        return f"{self.statement_id} with {self.attachment_id}"
