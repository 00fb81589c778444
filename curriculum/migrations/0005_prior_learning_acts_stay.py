"""What happened to a claim for prior learning is not rewritten: an act is only ever added."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION curriculum_prior_learning_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What happened to a claim is never changed: add a new act.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER prior_learning_act_stays BEFORE UPDATE ON curriculum_priorlearningact
    FOR EACH ROW EXECUTE FUNCTION curriculum_prior_learning_act_stays();
"""

BACKWARD = """
DROP TRIGGER prior_learning_act_stays ON curriculum_priorlearningact;
DROP FUNCTION curriculum_prior_learning_act_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("curriculum", "0004_prior_learning")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
