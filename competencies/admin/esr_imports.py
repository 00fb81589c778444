"""Files from ESR: sent, previewed, confirmed, looked up afterwards and undone."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from workforce.admin.records import ReadOnly
from workforce.admin.staff_lists import PAGE, signed_in
from workforce.imports.faults import Fault, Refused
from workforce.imports.staff import Stale
from workforce.models import Organisation

from ..esr.forms import EsrFileForm, UndoEsrForm
from ..esr.permissions import organisations_to_take_in, own_esr_uploads, visible_imports
from ..esr.planning import CREDITED, KINDS, Told
from ..esr.undoing import undo_esr_import
from ..esr.uploads import confirm_esr, preview_esr_again, upload_esr
from ..models import EsrImport, EsrUpload

TEMPLATES = "admin/competencies/esrimport"


def organisations(request: HttpRequest) -> QuerySet[Organisation]:
    return organisations_to_take_in(signed_in(request), timezone.localdate())


@admin.register(EsrImport)
class EsrImportAdministration(ReadOnly):
    """The history of files from ESR; the way to add one is to send it."""

    list_display = ("file_name", "organisation", "recorded_at", "who", "rows_counted", "stage")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("file_name", "digest")
    list_per_page = PAGE

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        preview = site.admin_view(self.preview_view)
        confirm = site.admin_view(require_POST(self.confirm_view))
        return [
            path("uploads/<uuid:uuid>/", preview, name="competencies_esrimport_preview"),
            path("uploads/<uuid:uuid>/confirm/", confirm, name="competencies_esrimport_confirm"),
            path("<int:pk>/undo/", site.admin_view(self.undo_view), name="competencies_esrimport_undo"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EsrImport]:
        seen = visible_imports(signed_in(request), timezone.localdate())
        return seen.select_related("organisation", "imported_by", "undoing__undone_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whose files is another question, which only our own screens ask: every screen draws the menu."""
        return request.user.has_perm("competencies.add_esrimport")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm(
            "competencies.add_esrimport"
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose the organisation and the file. What it would bring is shown next; nothing is stored yet."""
        choices = organisations(request)
        first_two = list(choices[:2])
        if not first_two:
            raise PermissionDenied
        initial = {"organisation": first_two[0]} if len(first_two) == 1 else {}
        form = EsrFileForm(
            request.POST or None, request.FILES or None, organisations=choices, initial=initial
        )
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            upload = upload_esr(
                organisation=form.cleaned_data["organisation"],
                data=file.read(),
                by=signed_in(request),
                file_name=file.name,
            )
            return redirect("admin:competencies_esrimport_preview", upload.uuid)
        return self._answer(request, "upload", {"title": "Take in a file from ESR", "form": form})

    def preview_view(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        upload = self._upload(request, uuid)
        if upload.esr_import_id:
            return redirect("admin:competencies_esrimport_change", upload.esr_import_id)
        page = Paginator(upload.faults or upload.rows, PAGE).get_page(request.GET.get("page"))
        context = {
            "title": "Nothing can be stored yet" if upload.faults else "Check what would count",
            "upload": upload,
            "counts": in_words(upload.counts),
            "has_news": bool(upload.counts.get(CREDITED)),
            "page": page,
            "faults": [Fault(*fault) for fault in page] if upload.faults else [],
            "rows": [Told(*told) for told in page] if upload.plan else [],
        }
        return self._answer(request, "preview", context)

    def confirm_view(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Exactly what was previewed is done, or nothing is and what would be done by now is shown."""
        upload = self._upload(request, uuid)
        try:
            taken_in = confirm_esr(upload=upload, plan=request.POST.get("plan", ""))
        except (Stale, Refused):
            preview_esr_again(upload=upload)
            messages.warning(
                request,
                "Nothing was stored: what we know has changed since the preview. Check what would count now.",
            )
            return redirect("admin:competencies_esrimport_preview", uuid)
        if taken_in is None:
            messages.info(request, "Nothing was stored: nothing in the file is new.")
            return redirect("admin:competencies_esrimport_preview", uuid)
        if upload.esr_import_id is None:
            self.log_addition(request, taken_in, "Taken in from a file.")
        messages.success(request, "The file from ESR is stored.")
        return redirect("admin:competencies_esrimport_change", taken_in.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pk = int(object_id) if object_id.isascii() and object_id.isdecimal() else 0
        taken = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {
            "title": str(taken),
            "taken": taken,
            "can_undo": not hasattr(taken, "undoing")
            and organisations(request).filter(pk=taken.organisation_id).exists(),
            "counts": in_words(taken.counts),
        }
        return self._answer(request, "read", context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks why; a second time says that it was undone before."""
        taken = get_object_or_404(self.get_queryset(request), pk=pk, organisation__in=organisations(request))
        form = UndoEsrForm(request.POST or None, label_suffix="")
        if form.is_valid():
            try:
                undo_esr_import(esr_import=taken, reason=form.cleaned_data["reason"], by=signed_in(request))
            except Refused as refused:
                messages.warning(request, " ".join(map(str, refused.faults)))
            else:
                self.log_change(request, taken, "Undone.")
                messages.success(request, "The file is undone. What it brought no longer counts.")
            return redirect("admin:competencies_esrimport_change", pk)
        context = {"title": "Undo this file?", "taken": taken, "form": form, "counts": in_words(taken.counts)}
        return self._answer(request, "undo", context)

    @admin.display(description="By", ordering="imported_by__name")
    def who(self, obj: EsrImport) -> str:
        return str(obj.imported_by or "The command line or the folder")

    @admin.display(description="Rows that count")
    def rows_counted(self, obj: EsrImport) -> str:
        return f"{obj.counts.get(CREDITED, 0):,}"

    @admin.display(description="State")
    def stage(self, obj: EsrImport) -> str:
        return "Undone" if hasattr(obj, "undoing") else "Stored"

    def _upload(self, request: HttpRequest, uuid: Any) -> EsrUpload:
        own = own_esr_uploads(signed_in(request), timezone.localdate()).select_related("organisation")
        return get_object_or_404(own.defer("data"), uuid=uuid)

    def _answer(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        everywhere = self.admin_site.each_context(request) | {"opts": self.model._meta}
        return TemplateResponse(request, f"{TEMPLATES}/{template}.html", everywhere | context)


def in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    """What happened to the rows, always in the same order."""
    return [
        ("Rows that count" if kind == CREDITED else f"Left out: {kind}", counts.get(kind, 0))
        for kind in KINDS
    ]
