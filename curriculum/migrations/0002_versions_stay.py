from django.db import migrations

REFUSE = """
CREATE FUNCTION curriculum_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A module version is never changed: attempts that began on it must be shown as they were.'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER version_stays BEFORE UPDATE OR DELETE ON curriculum_moduleversion
    FOR EACH ROW EXECUTE FUNCTION curriculum_version_stays();
"""
ALLOW = """
DROP TRIGGER version_stays ON curriculum_moduleversion;
DROP FUNCTION curriculum_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
