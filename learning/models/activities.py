from django.db import models


class Activity(models.Model):
    """Something that statements are about, named by its IRI."""

    iri = models.TextField("IRI", unique=True)
    definition = models.JSONField(
        default=dict,
        blank=True,
        help_text="The first definition received. Only this system changes one once it is given.",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.iri
