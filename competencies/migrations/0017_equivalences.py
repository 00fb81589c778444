"""What carries over from an old capability to a new one; part of an edition, and as immutable once published."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("competencies", "0016_life_of_an_edition"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Equivalence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old_level", models.PositiveSmallIntegerField()),
                ("new_level", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="equivalences",
                        to="competencies.edition",
                    ),
                ),
                (
                    "new_capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_over_from",
                        to="competencies.capability",
                    ),
                ),
                (
                    "old_capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_over_to",
                        to="competencies.capability",
                    ),
                ),
            ],
            options={
                "ordering": ["edition", "old_capability__code", "old_level", "new_capability__code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "old_capability", "old_level", "new_capability"),
                        name="equivalence_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old_level__range", (1, 4)), ("new_level__range", (1, 4))),
                        name="equivalence_levels_1_to_4",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_level__lte", models.F("old_level"))),
                        name="equivalence_gives_no_higher_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old_capability", models.F("new_capability")), _negated=True),
                        name="equivalence_between_two",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER published_part_stays BEFORE INSERT OR UPDATE OR DELETE ON competencies_equivalence "
            "FOR EACH ROW EXECUTE FUNCTION competencies_published_part_stays()",
            "DROP TRIGGER published_part_stays ON competencies_equivalence",
        ),
    ]
