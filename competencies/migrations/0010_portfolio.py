"""Portfolios for level 4, and the acts of the panels that read them, which the database refuses to change."""

import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION competencies_panel_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An act of a panel is never changed: add a new one.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER panel_act_stays BEFORE UPDATE ON competencies_panelact
    FOR EACH ROW EXECUTE FUNCTION competencies_panel_act_stays();
"""

BACKWARD = """
DROP TRIGGER panel_act_stays ON competencies_panelact;
DROP FUNCTION competencies_panel_act_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("competencies", "0009_esr_exchange"),
        ("learning", "0004_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portfolios",
                        to="learning.activity",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portfolios",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "activity"), name="portfolio_once_a_person")
                ],
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PanelAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("round", models.PositiveIntegerField()),
                ("registration", models.UUIDField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("put_forward", "Put forward"),
                            ("replace", "Somebody else asked"),
                            ("withdraw", "Taken back"),
                            ("step_aside", "Stepped aside"),
                            ("agree", "Yes"),
                            ("not_yet", "Not yet"),
                            ("revoke", "Taken off the record"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("gathering", "Gathering"),
                            ("waiting", "With the panel"),
                            ("one_yes", "One yes"),
                            ("one_not_yet", "One not yet"),
                            ("withdrawn", "Withdrawn"),
                            ("not_yet", "Not yet"),
                            ("conferred", "Conferred"),
                            ("revoked", "Revoked"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
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
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="learning.statement"
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="competencies.portfolio",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("portfolio", "number"), name="panel_act_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("act__in", ("agree", "not_yet"))),
                        fields=("portfolio", "round", "by"),
                        name="panel_member_answers_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first", models.F("owner")), _negated=True),
                            models.Q(("second", models.F("owner")), _negated=True),
                        ),
                        name="panel_never_holds_its_owner",
                        violation_error_message="Ask somebody else: nobody sits on their own panel.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="panel_of_two_people",
                        violation_error_message="Choose 2 different people.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("act__in", ("put_forward", "replace", "withdraw")), ("by", models.F("owner"))
                            ),
                            models.Q(("act__in", ("agree", "not_yet")), ("by", models.F("first"))),
                            models.Q(("act__in", ("agree", "not_yet")), ("by", models.F("second"))),
                            models.Q(
                                ("act", "step_aside"),
                                ("by__isnull", False),
                                models.Q(("by", models.F("owner")), _negated=True),
                            ),
                            ("act", "revoke"),
                            _connector="OR",
                        ),
                        name="panel_act_by_whose_turn_it_is",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "not_yet"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="panel_not_yet_says_what_would_make_it_yes",
                    ),
                ],
                "ordering": ["portfolio", "number"],
            },
        ),
        migrations.CreateModel(
            name="PortfolioClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prompt", models.TextField()),
                (
                    "capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="competencies.capability",
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="competencies.portfolio",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("portfolio", "capability"), name="portfolio_claim_once")
                ],
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PortfolioEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("whom", models.TextField()),
                ("changed", models.TextField()),
                ("learned", models.TextField()),
                (
                    "capability",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="competencies.capability",
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="competencies.portfolio",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="competencies.practice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("portfolio", "order"),
                        name="portfolio_entry_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("whom", ""), _negated=True),
                            models.Q(("changed", ""), _negated=True),
                            models.Q(("learned", ""), _negated=True),
                        ),
                        name="portfolio_entry_says_something",
                    ),
                ],
                "verbose_name_plural": "portfolio entries",
                "ordering": ["portfolio", "order"],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
