import django.contrib.postgres.fields
import django.db.models.deletion
import learning.models.forwarding
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
        migrations.AlterModelOptions(
            name="credential",
            options={
                "ordering": ["name", "pk"],
                "permissions": [
                    ("view_names", "Can see the names behind accounts, where they may see the organisation")
                ],
            },
        ),
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
        migrations.CreateModel(
            name="Forwarder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "endpoint",
                    models.URLField(
                        help_text="Where its xAPI is, such as https://lrs.example/xapi. /statements is added.",
                        max_length=500,
                        validators=[learning.models.forwarding.check_endpoint],
                    ),
                ),
                ("key", models.CharField(max_length=500)),
                ("sealed_secret", models.TextField(editable=False)),
                (
                    "version",
                    models.CharField(
                        choices=[("1.0.3", "1.0.3"), ("2.0.0", "2.0.0")], default="1.0.3", max_length=5
                    ),
                ),
                (
                    "verbs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Only with these verbs, as IRIs. Empty: all.",
                        size=None,
                    ),
                ),
                (
                    "activities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Only on these activities, as IRIs. Empty: all.",
                        size=None,
                    ),
                ),
                (
                    "sends_voiding",
                    models.BooleanField(
                        default=True,
                        help_text="If not, a statement that is voided when its turn comes is left out as well.",
                        verbose_name="send voiding statements",
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                (
                    "looked_stored",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: from the first statement on.",
                        null=True,
                        verbose_name="send what was stored after",
                    ),
                ),
                ("looked_id", models.UUIDField(editable=False, null=True)),
                ("claim", models.UUIDField(editable=False, null=True)),
                ("claimed_until", models.DateTimeField(editable=False, null=True)),
                ("paused_because", models.TextField(blank=True, editable=False)),
                ("failures", models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")),
                (
                    "trouble",
                    models.TextField(blank=True, editable=False, help_text="The last failure, in words."),
                ),
                ("retry_at", models.DateTimeField(editable=False, null=True)),
                ("worked_at", models.DateTimeField(editable=False, null=True)),
                ("delivered", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "differing",
                    models.PositiveBigIntegerField(
                        default=0,
                        editable=False,
                        help_text="The other record had another statement under the same id.",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only what its people did, and what its systems wrote.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forwarders",
                        to="workforce.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lane", models.TextField()),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="By itself, after it failed in company."
                    ),
                ),
                ("tried_first", models.DateTimeField(null=True)),
                ("wait_until", models.DateTimeField(null=True)),
                ("dead_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, help_text="What the other record answered.")),
                (
                    "statement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="learning.statement",
                    ),
                ),
                (
                    "forwarder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="learning.forwarder",
                    ),
                ),
            ],
            options={
                "verbose_name": "dead letter",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="forwarder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", True), ("claimed_until__isnull", True)),
                    models.Q(("claim__isnull", False), ("claimed_until__isnull", False)),
                    _connector="OR",
                ),
                name="forwarder_claim_and_until",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", True)),
                fields=["forwarder", "id"],
                name="delivery_next",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False), ("tries__gt", 0), _connector="OR"),
                fields=["forwarder", "lane", "id"],
                name="delivery_in_the_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("statement", "forwarder"), name="delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("tried_first__isnull", True), ("tries", 0), ("wait_until__isnull", True)),
                    models.Q(("tried_first__isnull", False), ("tries__gt", 0)),
                    _connector="OR",
                ),
                name="delivery_tried_and_waiting",
            ),
        ),
    ]
