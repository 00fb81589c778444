import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The secret that a credential was made with becomes the first of its secrets.
MOVE_DIGESTS = """
    INSERT INTO learning_secret (credential_id, digest, created_at)
    SELECT id, digest, created_at FROM learning_credential;
    SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0003_attachments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="credentials_revoked",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="credential",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("statements/write", "Write statements"),
                        ("statements/read/mine", "Read the statements it wrote"),
                        ("statements/read", "Read statements"),
                        ("state", "Read and write state documents"),
                        ("define", "Say what activities and actors are"),
                        ("profile", "Read and write profile documents"),
                        ("all/read", "Read everything"),
                        ("all", "Read and write everything"),
                    ],
                    max_length=30,
                ),
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="Secret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "last_used",
                    models.DateField(
                        help_text="The last day on which it opened the record, itself or by a token made from it.",
                        null=True,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="secrets_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="learning.credential",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="secrets_ended",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunSQL(MOVE_DIGESTS, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="credential", name="digest"),
        migrations.CreateModel(
            name="FileImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(help_text="SHA-256 of the file.", max_length=64, unique=True)),
                ("lines", models.PositiveBigIntegerField(default=0, help_text="Lines that are done with.")),
                (
                    "refused",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Lines among them that were refused."
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
