from typing import Any

from django.core.exceptions import ValidationError


class Keyed:
    """A page that the content files and other modules name by a key of its own."""

    pk: Any
    source_key: Any

    def clean(self) -> None:
        super().clean()  # type: ignore[misc]  # the page's own
        pages = type(self).objects.filter(pk=self.pk)  # type: ignore[attr-defined]
        kept = pages.values_list("source_key", flat=True).first()
        if kept not in (None, self.source_key):
            raise ValidationError(
                {"source_key": f"Leave this as {kept}. Other pages and the content files go by it."}
            )
