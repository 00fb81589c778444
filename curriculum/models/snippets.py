"""Words, roles and facts that many pages use, each editable with preview, drafts and workflow."""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from .dated import Dated


class _Snippet(WorkflowMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, Dated):
    key = models.SlugField(
        unique=True, max_length=100, help_text="Its name for the system. It never changes."
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta(Dated.Meta):
        abstract = True

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return f"curriculum/preview/{self._meta.model_name}.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"request": request, "value": self}


class DatedFact(_Snippet):
    """Something in the report of 2013 that has moved on: what it said, and what holds now."""

    topic = models.CharField(max_length=200)
    report_said = models.TextField("the report said (2013)")
    now = models.TextField()

    panels: ClassVar[list[object]] = [
        FieldPanel("key"),
        FieldPanel("topic"),
        FieldPanel("report_said"),
        FieldPanel("now"),
        *Dated.dated_panels,
    ]

    class Meta(_Snippet.Meta):
        ordering = ["key"]

    def __str__(self) -> str:
        return self.topic


class GlossaryTerm(_Snippet):
    term = models.CharField(max_length=100)
    sort_term = models.CharField(max_length=100, editable=False)
    meaning = models.TextField()
    facts = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        help_text="Keys of dated facts, with commas between.",
    )

    panels: ClassVar[list[object]] = [
        FieldPanel("key"),
        FieldPanel("term"),
        FieldPanel("meaning"),
        FieldPanel("facts"),
        *Dated.dated_panels,
    ]

    class Meta(_Snippet.Meta):
        ordering = ["sort_term"]

    def __str__(self) -> str:
        return self.term

    def save(self, *args: Any, **kwargs: Any) -> None:
        # PostgreSQL without ICU sorts "Zebra" before "apple", so lists sort by this.
        self.sort_term = self.term.casefold()
        super().save(*args, **kwargs)


class PatientRole(_Snippet):
    """A place where a patient or carer representative sits: what it is for, and what they add."""

    title = models.CharField(max_length=200)
    purpose = models.TextField()
    rhythm = models.CharField(max_length=300, help_text="How often it meets.")
    papers = models.CharField(max_length=300, help_text="What there is to read.")
    what_you_add = models.TextField()
    capabilities = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Such as GR-1:3, with commas between.",
    )
    modules = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Keys of modules, with commas between.",
    )

    panels: ClassVar[list[object]] = [
        FieldPanel("key"),
        FieldPanel("title"),
        FieldPanel("purpose"),
        FieldPanel("rhythm"),
        FieldPanel("papers"),
        FieldPanel("what_you_add"),
        FieldPanel("capabilities"),
        FieldPanel("modules"),
        *Dated.dated_panels,
    ]

    class Meta(_Snippet.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
