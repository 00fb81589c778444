"""An edition that is published, and its parts, cannot be changed or deleted: the database refuses."""

from typing import ClassVar

from django.db import migrations

PARTS = ("level", "domain", "editioncapability", "requirement")

FORWARD = """
CREATE FUNCTION competencies_published_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'Edition % is published and cannot change.', OLD.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION competencies_published_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF EXISTS (SELECT 1 FROM competencies_edition WHERE id = part.edition_id AND state = 'published') THEN
        RAISE EXCEPTION 'This edition is published: its % cannot change.', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER published_edition_stays BEFORE UPDATE OR DELETE ON competencies_edition
    FOR EACH ROW EXECUTE FUNCTION competencies_published_edition_stays();
"""

BACKWARD = """
DROP TRIGGER published_edition_stays ON competencies_edition;
DROP FUNCTION competencies_published_edition_stays();
DROP FUNCTION competencies_published_part_stays();
"""


def on_part(part: str) -> migrations.RunSQL:
    table = f"competencies_{part}"
    return migrations.RunSQL(
        f"CREATE TRIGGER published_part_stays BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION competencies_published_part_stays()",
        f"DROP TRIGGER published_part_stays ON {table}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("competencies", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD), *map(on_part, PARTS)]
