from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class Dated(models.Model):
    """What we say holds on a day, has a source, and is looked at again by a day."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "In force"
        CHANGING = "changing", "Changing"
        HISTORICAL = "historical", "Historical"
        UNCONFIRMED = "unconfirmed", "Not confirmed"

    as_of = models.DateField("as of", help_text="The day on which this was checked.")
    status = models.CharField(max_length=20, choices=Status, default=Status.IN_FORCE)
    source = models.CharField(max_length=500)
    review_by = models.DateField("review by")

    dated_panels: ClassVar[list[object]] = [
        MultiFieldPanel(
            [FieldPanel("as_of"), FieldPanel("status"), FieldPanel("source"), FieldPanel("review_by")],
            heading="Date and source",
        )
    ]

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_reviewed_after_checked",
                condition=models.Q(review_by__gte=models.F("as_of")),
                violation_error_message="The review date cannot be before the date of the check.",
            )
        ]

    @property
    def is_unconfirmed(self) -> bool:
        return self.status == self.Status.UNCONFIRMED
