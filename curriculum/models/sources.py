from django.db import models


class SourceState(models.Model):
    """What was last taken from the source files, so that edits made on the site are never overwritten silently."""

    source_key = models.CharField(max_length=100, unique=True)
    hash = models.CharField(max_length=64)
    last_imported = models.DateTimeField()

    class Meta:
        ordering = ["source_key"]

    def __str__(self) -> str:
        return self.source_key
