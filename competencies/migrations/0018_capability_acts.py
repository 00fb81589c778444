"""What became of what people hold, and evidence that never rests on what the record was told of it."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

OUTPUTS = (
    "https://w3id.org/xapi/tla/verbs/achieved",
    "https://w3id.org/xapi/tla/verbs/expired",
    "https://w3id.org/xapi/tla/verbs/revoked",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("competencies", "0017_equivalences"),
        ("learning", "0004_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="evidencerule",
            constraint=models.CheckConstraint(
                name="evidence_rule_never_of_an_output",
                condition=~Q(verb__in=OUTPUTS) & ~Q(after_verb__in=OUTPUTS),
            ),
        ),
        migrations.CreateModel(
            name="CapabilityAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("achieve", "Reached"),
                            ("expire", "Ended"),
                            ("revoke", "Taken off the record"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("shown", "The record shows it"),
                            ("lapsed", "Its time is over"),
                            ("fell_back", "Its time is over, and a lower level still holds"),
                            ("voided", "What it rests on was taken off the record"),
                        ],
                        max_length=10,
                    ),
                ),
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
                    "capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="competencies.capability",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learning.statement",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="capability_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        fields=["id"], condition=Q(statement=None), name="capability_act_not_stated"
                    ),
                    models.Index(fields=["user", "at"], name="capability_act_of_a_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["source", "capability", "level", "act", "at"],
                        condition=~Q(act="expire"),
                        name="capability_act_once",
                    ),
                    models.UniqueConstraint(
                        fields=["user", "capability", "level", "on"],
                        condition=Q(act="expire"),
                        name="capability_ends_once_a_day",
                    ),
                    models.CheckConstraint(
                        name="capability_act_level_1_to_4", condition=Q(level__range=(1, 4))
                    ),
                    models.CheckConstraint(
                        name="capability_act_has_its_reason",
                        condition=Q(act="achieve", reason="shown", by=None)
                        | Q(act="expire", reason__in=("lapsed", "fell_back"), by=None, until=None)
                        | Q(act="revoke", reason="voided", until=None),
                    ),
                    models.CheckConstraint(
                        name="capability_act_until_after_on", condition=Q(until=None) | Q(until__gt=F("on"))
                    ),
                ],
            },
        ),
    ]
