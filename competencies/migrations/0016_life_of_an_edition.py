"""An edition is drafted, reviewed, published and retired; what was done and said is kept, and nothing is rewritten."""

import hashlib
import json
from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SHIPPED = Path(__file__).parents[1] / "frameworks" / "safety-and-improvement-0.2.json"
STORED = ("title", "version", "date", "status", "levels", "tiers", "domains", "sources", "grace_days")
STORED += ("validity_months_default", "overlays", "capabilities")


def keep_the_rest_of_the_shipped_file(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The edition that came with the service was loaded before its sources were kept. Its content stays as it is."""
    raw = SHIPPED.read_bytes()
    edition = (
        apps.get_model("competencies", "Edition")
        .objects.filter(source_digest=hashlib.sha256(raw).hexdigest())
        .first()
    )
    if edition is None:
        return
    model = json.loads(raw)
    edition.sources = model["sources"]
    edition.carried = {name: value for name, value in model.items() if name not in STORED}
    edition.carried["overlay_notes"] = {o["key"]: o["note"] for o in model["overlays"] if o.get("note")}
    edition.save(update_fields=["sources", "carried"])
    sources = {given["id"]: given["sources"] for given in model["capabilities"]}
    for wording in edition.capabilities.select_related("capability"):
        wording.sources = sources[wording.capability.code]
        wording.save(update_fields=["sources"])


def without_triggers(enabled: str) -> str:
    return "; ".join(
        f"ALTER TABLE competencies_{table} {enabled} TRIGGER USER"
        for table in ("edition", "editioncapability")
    )


FORWARD = """
CREATE OR REPLACE FUNCTION competencies_published_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state || ' to ' || NEW.state ELSE '' END;
BEGIN
    IF OLD.state <> 'draft' AND (
        TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state'
        OR moves NOT IN ('review to draft', 'review to published', 'published to retired')
    ) THEN
        RAISE EXCEPTION 'Edition % is % and cannot change.', OLD.version,
            CASE OLD.state WHEN 'review' THEN 'in review' ELSE OLD.state END
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF moves = 'draft to retired' THEN
        RAISE EXCEPTION 'Edition % was never published.', OLD.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION competencies_published_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
    stands text;
BEGIN
    SELECT state INTO stands FROM competencies_edition WHERE id = part.edition_id;
    IF stands <> 'draft' THEN
        RAISE EXCEPTION 'This edition is %: its % cannot change.',
            CASE stands WHEN 'review' THEN 'in review' ELSE stands END, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION competencies_edition_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was done with an edition is never changed: add a new act.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER edition_act_stays BEFORE UPDATE OR DELETE ON competencies_editionact
    FOR EACH ROW EXECUTE FUNCTION competencies_edition_act_stays();

CREATE FUNCTION competencies_only_published_is_adopted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM competencies_edition WHERE id = NEW.edition_id;
    IF stands <> 'published' THEN
        RAISE EXCEPTION 'Only a published edition can be adopted; this one is %.', stands
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_published_is_adopted BEFORE INSERT OR UPDATE OF edition_id ON competencies_adoption
    FOR EACH ROW EXECUTE FUNCTION competencies_only_published_is_adopted();
"""

BACKWARD = """
DROP TRIGGER only_published_is_adopted ON competencies_adoption;
DROP FUNCTION competencies_only_published_is_adopted();
DROP TRIGGER edition_act_stays ON competencies_editionact;
DROP FUNCTION competencies_edition_act_stays();

CREATE OR REPLACE FUNCTION competencies_published_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'Edition % is published and cannot change.', OLD.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION competencies_published_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF EXISTS (SELECT 1 FROM competencies_edition WHERE id = part.edition_id AND state = 'published') THEN
        RAISE EXCEPTION 'This edition is published: its % cannot change.', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("competencies", "0015_confirmations"),
        ("workforce", "0002_staff_lists_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="edition",
            name="carried",
            field=models.JSONField(
                default=dict, help_text="What its file also says, kept to be given back unchanged."
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="sources",
            field=models.JSONField(
                default=dict, help_text="Key of a source → its title, where it is, what was found."
            ),
        ),
        migrations.AddField(
            model_name="editioncapability",
            name="sources",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="source_digest",
            field=models.CharField(
                blank=True,
                help_text="SHA-256 of the file it was loaded from; empty if it was drafted here.",
                max_length=64,
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("review", "In review"),
                    ("published", "Published"),
                    ("retired", "Retired"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.RunSQL(without_triggers("DISABLE"), without_triggers("ENABLE")),
        migrations.RunPython(keep_the_rest_of_the_shipped_file, migrations.RunPython.noop),
        migrations.RunSQL(without_triggers("ENABLE"), without_triggers("DISABLE")),
        migrations.CreateModel(
            name="EditionAct",
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
                            ("draft", "Drafted"),
                            ("load", "Loaded from a reviewed file"),
                            ("send", "Sent for review"),
                            ("comment", "Commented"),
                            ("agree", "Agreed"),
                            ("ask_change", "Asked for a change"),
                            ("take_back", "Taken back to draft"),
                            ("publish", "Published"),
                            ("retire", "Retired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="None: the command line.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edition_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "capability",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="competencies.capability",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="competencies.edition",
                    ),
                ),
                (
                    "overlay",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.overlay",
                    ),
                ),
                (
                    "reviewers",
                    models.ManyToManyField(
                        help_text="Whom a review names; empty for every other act.",
                        related_name="edition_reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.tier",
                    ),
                ),
            ],
            options={
                "ordering": ["edition", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "number"), name="edition_act_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("overlay__isnull", True), ("tier__isnull", True)),
                            models.Q(
                                ("capability__isnull", False),
                                ("overlay__isnull", True),
                                ("tier__isnull", False),
                            ),
                            models.Q(
                                ("capability__isnull", False),
                                ("overlay__isnull", False),
                                ("tier__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="edition_act_on_one_cell",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capability__isnull", True),
                            models.Q(
                                ("act__in", ["comment", "ask_change"]), models.Q(("words", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="edition_act_on_a_capability_says_something",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
