"""Team requirements stay with their edition, as all its parts do; local ones are only ever added and ended."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def read_what_editions_carried(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Editions that are stored already kept the team requirements of their file unread."""
    requirements = apps.get_model("competencies", "TeamRequirement").objects
    for edition in apps.get_model("competencies", "Edition").objects.all():
        capabilities = {
            wording.capability.code: wording.capability
            for wording in edition.capabilities.select_related("capability")
        }
        for given in edition.carried.get("team_requirements", []):
            if given["capability"] in capabilities and given["level"]:
                requirements.get_or_create(
                    edition=edition,
                    capability=capabilities[given["capability"]],
                    level=given["level"],
                    defaults={
                        "people": given["people_at_least"],
                        "provenance": given["provenance"],
                        "sources": given["sources"],
                    },
                )


FORWARD = """
SET CONSTRAINTS ALL IMMEDIATE;

CREATE TRIGGER published_part_stays BEFORE INSERT OR UPDATE OR DELETE ON competencies_teamrequirement
    FOR EACH ROW EXECUTE FUNCTION competencies_published_part_stays();

CREATE FUNCTION competencies_local_requirement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND lower(NEW.during) = lower(OLD.during)
        AND to_jsonb(NEW) - '{during,ended_by_id,ended_at,end_reason}'::text[]
          = to_jsonb(OLD) - '{during,ended_by_id,ended_at,end_reason}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What an organisation asked is never changed: end it, and add another.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER local_requirement_stays BEFORE UPDATE OR DELETE ON competencies_localrequirement
    FOR EACH ROW EXECUTE FUNCTION competencies_local_requirement_stays();
"""

BACKWARD = """
DROP TRIGGER local_requirement_stays ON competencies_localrequirement;
DROP FUNCTION competencies_local_requirement_stays();
DROP TRIGGER published_part_stays ON competencies_teamrequirement;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("competencies", "0020_team_and_local_requirements")]

    operations: ClassVar = [
        migrations.RunPython(read_what_editions_carried, migrations.RunPython.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
