"""What every team is expected to have, and what an organisation asks on top of the edition that it goes by."""

from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import workforce.models.ranges
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("competencies", "0019_capability_acts_stay"),
        ("workforce", "0005_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="LocalRequirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "grace_days",
                    models.PositiveIntegerField(
                        help_text="Days until it falls due, from the start of the clock or of this row, whichever is later."
                    ),
                ),
                (
                    "reason",
                    models.TextField(help_text="Why it is asked. Everybody whom it concerns can read it."),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_requirements",
                        to="competencies.capability",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_requirements",
                        to="workforce.organisation",
                    ),
                ),
                (
                    "overlay",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.overlay",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.tier",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "-pk"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("tier__isnull", False)),
                        expressions=[
                            (workforce.models.ranges._Same("organisation"), "&&"),
                            (workforce.models.ranges._Same("tier"), "&&"),
                            (workforce.models.ranges._Same("capability"), "&&"),
                            ("during", "&&"),
                        ],
                        name="one_local_requirement_of_a_tier",
                        violation_error_message="Your organisation asks this already on some of these days.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("overlay__isnull", False)),
                        expressions=[
                            (workforce.models.ranges._Same("organisation"), "&&"),
                            (workforce.models.ranges._Same("overlay"), "&&"),
                            (workforce.models.ranges._Same("capability"), "&&"),
                            ("during", "&&"),
                        ],
                        name="one_local_requirement_of_an_overlay",
                        violation_error_message="Your organisation asks this already on some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("overlay__isnull", False), ("tier__isnull", True)),
                            models.Q(("overlay__isnull", True), ("tier__isnull", False)),
                            _connector="OR",
                        ),
                        name="local_requirement_of_tier_or_overlay",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (1, 4))), name="local_requirement_level_1_to_4"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="local_requirement_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("during__upper_inf", True),
                                ("end_reason", ""),
                                ("ended_at__isnull", True),
                                ("ended_by__isnull", True),
                            ),
                            models.Q(
                                ("during__upper_inf", False),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="local_requirement_ended_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamRequirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("people", models.PositiveIntegerField(help_text="How many people at least.")),
                (
                    "provenance",
                    models.CharField(
                        choices=[
                            ("direct", "Direct: the source asks this of this group"),
                            ("inferred", "Inferred: the duty is in the source, the level is our judgement"),
                            ("reconstruction", "Reconstruction: no source text was found"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team_requirements",
                        to="competencies.capability",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team_requirements",
                        to="competencies.edition",
                    ),
                ),
            ],
            options={
                "ordering": ["edition", "capability", "level"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "capability", "level"), name="team_requirement_once_in_edition"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (1, 4))), name="team_requirement_level_1_to_4"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 1)), name="team_requirement_of_somebody"
                    ),
                ],
            },
        ),
    ]
