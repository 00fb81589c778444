from django.db import models

from ..keys import key_of


class ActivityManager(models.Manager["Activity"]):
    def named(self, iri: str) -> "Activity":
        """The activity with this IRI, made known where it is new."""
        return self.get_or_create(pk=key_of(iri), defaults={"iri": iri})[0]


class Activity(models.Model):
    """Something that statements are about, named by its IRI. Its id follows from the IRI (learning.keys)."""

    id = models.UUIDField(primary_key=True, editable=False)
    iri = models.TextField("IRI", unique=True)
    definition = models.JSONField(
        default=dict,
        blank=True,
        help_text="The canonical definition: what is known of it from all that was said, by those who may say it.",
    )

    objects = ActivityManager()

    class Meta:
        ordering = ["iri"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.iri
