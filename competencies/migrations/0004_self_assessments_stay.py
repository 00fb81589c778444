"""What a person said of themself is not rewritten. Only the words of a comment can be deleted."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION competencies_self_assessment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.comment = '' AND to_jsonb(NEW) - 'comment' = to_jsonb(OLD) - 'comment' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A self-assessment is never changed: add a new one.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER self_assessment_stays BEFORE UPDATE ON competencies_selfassessment
    FOR EACH ROW EXECUTE FUNCTION competencies_self_assessment_stays();
"""

BACKWARD = """
DROP TRIGGER self_assessment_stays ON competencies_selfassessment;
DROP FUNCTION competencies_self_assessment_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("competencies", "0003_self_assessment")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
