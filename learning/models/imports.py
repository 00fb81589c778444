from django.db import models


class FileImport(models.Model):
    """How far the import of a file has come. Forgotten when the file has been read to its end.

    It is written in the transaction that keeps the statements, so the two never differ.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the file.")
    lines = models.PositiveBigIntegerField(default=0, help_text="Lines that are done with.")
    refused = models.PositiveBigIntegerField(default=0, help_text="Lines among them that were refused.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.digest[:12]} up to line {self.lines}"
