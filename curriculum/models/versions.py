from functools import cached_property

from django.db import models
from django.utils import timezone

from ..outline import Module, module_from


class ModuleVersion(models.Model):
    """A module as it was published. A running attempt stays with the version that it began.

    The database refuses any change to a row (see the migration), so what a person saw can be shown again.
    """

    module_key = models.UUIDField()
    number = models.PositiveIntegerField()
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["module_key", "number"]
        constraints = [models.UniqueConstraint(fields=["module_key", "number"], name="module_version_number")]

    def __str__(self) -> str:
        return f"{self.content['source_key']}, version {self.number}"

    @cached_property
    def module(self) -> Module:
        return module_from(self.content)
