import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0001_initial"),
    ]

    operations = [
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
            name="Document",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("state", "State of an agent in an activity"),
                            ("activity", "Profile of an activity"),
                            ("agent", "Profile of an agent"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "activity",
                    models.UUIDField(
                        help_text="The id of the activity, whether the record knows it or not.", null=True
                    ),
                ),
                (
                    "agent",
                    models.UUIDField(
                        help_text="The id of the actor, whether the record knows it or not.", null=True
                    ),
                ),
                ("registration", models.UUIDField(null=True)),
                ("name", models.TextField(help_text="Its stateId or profileId.")),
                ("content", models.BinaryField()),
                ("content_type", models.CharField(max_length=500)),
                (
                    "etag",
                    models.CharField(
                        help_text="The SHA-1 of its content, as xAPI 1.0.3 wants it.", max_length=40
                    ),
                ),
                ("updated", models.DateTimeField()),
                (
                    "credential",
                    models.ForeignKey(
                        help_text="Who wrote it first. Empty for this system itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="learning.credential",
                    ),
                ),
            ],
            options={
                "ordering": ["updated", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("activity__isnull", False)),
                        fields=["activity", "agent"],
                        name="document_by_activity",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "agent")), fields=["agent"], name="document_by_agent"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("activity__isnull", False), ("agent__isnull", False), ("kind", "state")
                            ),
                            models.Q(
                                ("activity__isnull", False),
                                ("agent__isnull", True),
                                ("kind", "activity"),
                                ("registration__isnull", True),
                            ),
                            models.Q(
                                ("activity__isnull", True),
                                ("agent__isnull", False),
                                ("kind", "agent"),
                                ("registration__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="document_is_around_what_its_kind_says",
                    )
                ],
            },
        ),
    ]
