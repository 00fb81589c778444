"""Files for ESR: which were made, and the way to make one."""

import tempfile
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from workforce.admin.records import ReadOnly
from workforce.admin.staff_lists import signed_in
from workforce.models import Organisation, User

from ..esr.exporting import CannotExport, file_name, keep_history, write_esr
from ..esr.forms import OrganisationForm
from ..esr.permissions import organisations_to_send, visible_exports
from ..models import EsrExport


@admin.register(EsrExport)
class EsrExportAdministration(ReadOnly):
    list_display = ("file_name", "organisation", "way", "rows", "who", "recorded_at", "digest")
    list_filter = ("way", ("organisation", admin.RelatedOnlyFieldListFilter))
    search_fields = ("file_name", "digest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EsrExport]:
        seen = visible_exports(signed_in(request), timezone.localdate())
        return seen.select_related("organisation", "exported_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whose files is another question, which only our own screen asks: every screen draws the menu."""
        return request.user.has_perm("competencies.add_esrexport")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm(
            "competencies.add_esrexport"
        )

    def add_view(  # type: ignore[override]
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """Choose the organisation; the file of today is the answer."""
        user = signed_in(request)
        choices = organisations_to_send(user, timezone.localdate())
        first_two = list(choices[:2])
        if not first_two:
            raise PermissionDenied
        initial = {"organisation": first_two[0]} if len(first_two) == 1 else {}
        form = OrganisationForm(request.POST or None, organisations=choices, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                return _download(form.cleaned_data["organisation"], user)
            except CannotExport as reason:
                messages.error(request, str(reason))
        everywhere = self.admin_site.each_context(request) | {"opts": self.model._meta}
        context = everywhere | {"title": "Make a file for ESR", "form": form}
        return TemplateResponse(request, "admin/competencies/esrexport/make.html", context)

    @admin.display(description="By", ordering="exported_by__name")
    def who(self, obj: EsrExport) -> str:
        return str(obj.exported_by or "Nobody by hand")


def _download(organisation: Organisation, user: User) -> FileResponse:
    """Written to disk first, so that a fault never leaves half a file with somebody."""
    on = timezone.localdate()
    file = tempfile.TemporaryFile()  # noqa: SIM115 closed when the answer has been sent
    try:
        written = write_esr(organisation=organisation, on=on, file=file)
    except BaseException:
        file.close()
        raise
    keep_history(organisation=organisation, on=on, way=EsrExport.Way.DOWNLOAD, written=written, by=user)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=file_name(organisation, on),
        content_type="text/csv; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
