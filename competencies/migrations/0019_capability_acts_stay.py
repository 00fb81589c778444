"""What became of what somebody holds is not rewritten. Only the statement that says it can be added, once."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION competencies_capability_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.statement_id IS NULL AND to_jsonb(NEW) - 'statement_id' = to_jsonb(OLD) - 'statement_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What became of what somebody holds is never changed: add what happened next.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER capability_act_stays BEFORE UPDATE ON competencies_capabilityact
    FOR EACH ROW EXECUTE FUNCTION competencies_capability_act_stays();
"""

BACKWARD = """
DROP TRIGGER capability_act_stays ON competencies_capabilityact;
DROP FUNCTION competencies_capability_act_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("competencies", "0018_capability_acts")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
