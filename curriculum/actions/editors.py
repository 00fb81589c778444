"""Who may change what is taught: editors write and send for approval, moderators publish."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowContentType

from ..models import DatedFact, GlossaryTerm, HomePage, PatientRole

EDITORS = "Editors"
MODERATORS = "Moderators"
_SNIPPETS = (DatedFact, GlossaryTerm, PatientRole)
_ON_PAGES = {EDITORS: ("add", "change"), MODERATORS: ("add", "change", "publish")}
_ON_SNIPPETS = {EDITORS: ("add", "change"), MODERATORS: ("add", "change", "publish")}


@transaction.atomic
def set_up_editors() -> None:
    """Give the two groups what they need on the curriculum and its snippets; safe to run again."""
    home = HomePage.objects.get()
    for name, kinds in _ON_PAGES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(
            Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
        )
        for kind in kinds:
            _allow_on_pages(group, home, kind)
        codenames = [f"{kind}_{model._meta.model_name}" for kind in _ON_SNIPPETS[name] for model in _SNIPPETS]
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="curriculum", codename__in=codenames)
        )
    _approve_snippets()


def _allow_on_pages(group: Group, home: Page, kind: str) -> None:
    permission = Permission.objects.get(codename=f"{kind}_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)


def _approve_snippets() -> None:
    """Snippets go through the workflow that pages have, where a site has one."""
    workflow = Workflow.objects.filter(active=True).first()
    if workflow is None:
        return
    for model in _SNIPPETS:
        WorkflowContentType.objects.get_or_create(
            content_type=model.get_content_type(), defaults={"workflow": workflow}
        )
