"""Who may be let into the framework's editing screens; the grant of the education lead is asked as well."""

from django.contrib.auth.models import Group, Permission

FRAMEWORK_EDITORS = "Framework editors"


def set_up_framework_editors() -> Group:
    """The group, with what it needs; safe to run again."""
    group, _ = Group.objects.get_or_create(name=FRAMEWORK_EDITORS)
    group.permissions.add(
        Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"),
        Permission.objects.get(codename="change_edition", content_type__app_label="competencies"),
    )
    return group
