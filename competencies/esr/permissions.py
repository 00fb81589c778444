"""Who may exchange files with ESR: two things are needed, the permission and to be the organisation's capability lead.

Such files say what named people have learned, so running the system is not enough here.
"""

from datetime import date

from django.db.models import Q, QuerySet

from workforce.models import Grant, Organisation
from workforce.queries import Viewer, has_grant, organisations_led

from ..models import EsrExport, EsrImport, EsrName, EsrUpload


def organisations_to_send(user: Viewer, on: date) -> QuerySet[Organisation]:
    """The organisations whose file for ESR the person may download."""
    return _led(user, on, "competencies.add_esrexport")


def organisations_to_take_in(user: Viewer, on: date) -> QuerySet[Organisation]:
    """The organisations whose files from ESR the person may take in and undo."""
    return _led(user, on, "competencies.add_esrimport")


def visible_exports(user: Viewer, on: date) -> QuerySet[EsrExport]:
    seen = _led(user, on, "competencies.add_esrexport", "competencies.view_esrexport")
    return EsrExport.objects.filter(organisation__in=seen)


def visible_imports(user: Viewer, on: date) -> QuerySet[EsrImport]:
    seen = _led(user, on, "competencies.add_esrimport", "competencies.view_esrimport")
    return EsrImport.objects.filter(organisation__in=seen)


def own_esr_uploads(user: Viewer, on: date) -> QuerySet[EsrUpload]:
    """What the person sent and may still take in. Nobody else sees it: it may be the wrong file."""
    uploads = EsrUpload.objects.filter(uploaded_by_id=user.pk or 0)
    return uploads.filter(organisation__in=organisations_to_take_in(user, on))


def visible_names(user: Viewer, on: date) -> QuerySet[EsrName]:
    """National names, and those of the organisations that the person leads."""
    return EsrName.objects.filter(Q(organisation=None) | Q(organisation__in=organisations_led(user, on)))


def can_change_name(user: Viewer, name: EsrName, on: date) -> bool:
    """National names are for whoever leads on education nationally, or runs the service."""
    if name.organisation is None:
        return user.is_superuser or has_grant(user, Grant.Role.EDUCATION_LEAD, on)
    return organisations_led(user, on).filter(pk=name.organisation.pk).exists()


def _led(user: Viewer, on: date, *permissions: str) -> QuerySet[Organisation]:
    allowed = any(user.has_perm(permission) for permission in permissions)
    return organisations_led(user, on) if allowed else Organisation.objects.none()
