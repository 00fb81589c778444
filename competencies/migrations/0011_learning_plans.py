"""Learning plans, who is on them and what happened; named gaps: the choice, and who looked."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("competencies", "0010_portfolio"),
        ("learning", "0004_operations"),
        ("workforce", "0002_staff_lists_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LearningPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("why", models.TextField(max_length=1000)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody there"),
                            ("tier", "Everybody there in one tier"),
                            ("joiners", "Everybody whose post there starts on or after a day"),
                            ("people", "People I name"),
                        ],
                        max_length=10,
                    ),
                ),
                ("joined_from", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("due_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("starts_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="learning_plans",
                        to="workforce.organisation",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="learning_plans",
                        to="workforce.team",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="learning_plans",
                        to="workforce.tier",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("audience__in", ("everybody", "people")),
                                ("joined_from__isnull", True),
                                ("tier__isnull", True),
                            ),
                            models.Q(
                                ("audience", "tier"), ("joined_from__isnull", True), ("tier__isnull", False)
                            ),
                            models.Q(
                                ("audience", "joiners"),
                                ("joined_from__isnull", False),
                                ("tier__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_says_for_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_days__isnull", False), ("due_on__isnull", True)),
                            models.Q(("due_days__isnull", True), ("due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="plan_due_on_a_day_or_after_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("ended_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="plan_ends_after_it_starts",
                    ),
                ],
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="NamedGapsChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField()),
                ("reason", models.TextField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_gaps_choices",
                        to="workforce.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="named_gaps_has_reason"
                    )
                ],
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="NamedGapsLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="named_gaps_looks",
                        to="workforce.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["team", "-id"], name="named_gaps_looks_of_a_team")],
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("due", models.DateField()),
                ("met_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("newest_act", models.PositiveIntegerField(default=1)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="competencies.learningplan",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan_assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("plan", "user"),
                        name="plan_assigned_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("met_on__isnull", True), ("met_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="plan_assignment_met_after_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("ended_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="plan_assignment_ends_after_since",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=["user"],
                        name="plan_assignment_of_a_person",
                    )
                ],
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("plan", "Put on the plan"),
                            ("meet", "Everything was done"),
                            ("reopen", "What had been done no longer stands"),
                            ("end", "No longer on the plan"),
                            ("remove", "Taken off the plan"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learning.statement",
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="competencies.planassignment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "number"), name="plan_act_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "remove"), _negated=True),
                            models.Q(("by__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="plan_removal_has_person_and_reason",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("act__in", ("plan", "end", "remove")), ("statement__isnull", True)
                        ),
                        fields=["id"],
                        name="plan_act_not_stated",
                    )
                ],
                "ordering": ["assignment", "number"],
            },
        ),
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("made", "Made"), ("due", "New due day"), ("ended", "Ended")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "due",
                    models.CharField(help_text="When it was due from then on, in words.", max_length=100),
                ),
                ("reason", models.TextField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="competencies.learningplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "made"), ("reason", "")),
                            models.Q(
                                models.Q(("kind", "made"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_change_has_reason",
                    )
                ],
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("module_iri", models.CharField(blank=True, max_length=200)),
                ("module_verb", models.CharField(blank=True, max_length=100)),
                ("name", models.CharField(max_length=200)),
                (
                    "capability",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_items",
                        to="competencies.capability",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="competencies.learningplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "capability"), name="plan_capability_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("module_iri", ""), _negated=True),
                        fields=("plan", "module_iri"),
                        name="plan_module_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("capability__isnull", False),
                                ("level__isnull", False),
                                ("module_iri", ""),
                                ("module_verb", ""),
                            ),
                            models.Q(
                                ("capability__isnull", True),
                                ("level__isnull", True),
                                models.Q(("module_iri", ""), _negated=True),
                                models.Q(("module_verb", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_item_is_capability_or_module",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True), ("level__range", (1, 4)), _connector="OR"
                        ),
                        name="plan_item_level_1_to_4",
                    ),
                ],
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="competencies.learningplan",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("plan", "user"), name="plan_person_once")],
                "ordering": ["pk"],
            },
        ),
    ]
