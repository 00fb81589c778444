from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_documents")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sha2",
                    models.CharField(
                        help_text="SHA-224, -256, -384 or -512, by its length; in lower case.",
                        max_length=128,
                        unique=True,
                    ),
                ),
                ("length", models.BigIntegerField(help_text="In bytes.")),
                (
                    "content_type",
                    models.TextField(
                        blank=True, help_text="As it was first sent; a statement may say otherwise."
                    ),
                ),
                ("stored", models.DateTimeField(help_text="When this record first received it.")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("length__gte", 0)), name="attachment_length_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sha2__regex", "^([0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$")
                        ),
                        name="attachment_sha2_in_lower_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "attachment_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.IntegerField(help_text="From 0.")),
                ("data", models.BinaryField()),
                (
                    "attachment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="learning.attachment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 0)), name="attachment_part_position_not_negative"
                    )
                ],
            },
        ),
        # Files are mostly compressed already: PostgreSQL would spend time on each piece and gain nothing.
        migrations.RunSQL(
            "ALTER TABLE learning_attachmentpart ALTER COLUMN data SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="StatementAttachment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "statement_id",
                        "attachment_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement_links",
                        to="learning.attachment",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachment_links",
                        to="learning.statement",
                    ),
                ),
            ],
        ),
    ]
