"""Staff lists: sent as a file, previewed, confirmed, looked up afterwards and, where that can be, undone."""

from datetime import date, datetime
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

from workforce.forms import StaffListForm, UndoForm
from workforce.imports.faults import Fault, Refused
from workforce.imports.plans import Told
from workforce.imports.staff import KINDS, Stale
from workforce.imports.undoing import undo_staff_import, why_not_undo
from workforce.imports.uploads import confirm_upload, preview_again, upload_staff_list
from workforce.models import Organisation, StaffImport, StaffUpload, User
from workforce.permissions import organisations_to_import, own_uploads, visible_staff_imports

from .records import ReadOnly

PAGE = 100
TEMPLATES = "admin/workforce/staffimport"
DIGEST_SHOWN = 12
COUNTED = {
    "joiners": "Joiners",
    "movers": "Movers",
    "leavers": "Leavers",
    "unchanged": "In the same posts as before",
    "not in post on the day": "Not in post on the day",
    "on long leave": "On long leave",
    "linked to an existing account": "Linked to an account that they had",
    "post rows added": "Posts added or corrected",
    "post rows superseded": "Posts ended, corrected or taken out",
}


def signed_in(request: HttpRequest) -> User:
    """Who is at an administration screen: nobody else gets so far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def organisations(request: HttpRequest) -> QuerySet[Organisation]:
    return organisations_to_import(signed_in(request), timezone.localdate())


@admin.register(StaffImport)
class StaffImportAdministration(ReadOnly):
    """The history of staff lists; the way to add one is to send it."""

    list_display = ("true_on", "organisation", "taken_in", "who", "did", "stage", "file_name", "file_digest")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("file_name", "digest")
    list_per_page = PAGE

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        preview = site.admin_view(self.preview_view)
        confirm = site.admin_view(require_POST(self.confirm_view))
        return [
            path("uploads/<uuid:uuid>/", preview, name="workforce_staffimport_preview"),
            path("uploads/<uuid:uuid>/confirm/", confirm, name="workforce_staffimport_confirm"),
            path("<int:pk>/undo/", site.admin_view(self.undo_view), name="workforce_staffimport_undo"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffImport]:
        seen = visible_staff_imports(signed_in(request), timezone.localdate())
        return seen.select_related("organisation", "imported_by", "undoing__undone_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whose lists is another question, which only our own screens ask: every screen draws the menu."""
        return request.user.has_perm("workforce.add_staffimport")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm("workforce.add_staffimport")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Staff lists"} | (extra_context or {}))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose the organisation and the file. What it would change is shown next; nothing is stored yet."""
        choices = organisations(request)
        first_two = list(choices[:2])
        if not first_two:
            raise PermissionDenied
        initial = {"organisation": first_two[0]} if len(first_two) == 1 else {}
        form = StaffListForm(
            request.POST or None, request.FILES or None, organisations=choices, initial=initial
        )
        if request.method == "POST" and form.is_valid():
            asked = form.cleaned_data
            upload = upload_staff_list(
                organisation=asked["organisation"],
                data=asked["file"].read(),
                on=asked["on"],
                by=signed_in(request),
                file_name=asked["file"].name,
                partial=asked["covers"] == "some",
                leavers_expected=asked["leavers_expected"],
            )
            return redirect("admin:workforce_staffimport_preview", upload.uuid)
        return self._answer(request, "upload", {"title": "Take in a staff list", "form": form})

    def preview_view(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        upload = self._upload(request, uuid)
        if upload.staff_import_id:
            return redirect("admin:workforce_staffimport_change", upload.staff_import_id)
        pages = Paginator(upload.faults or upload.people, PAGE)
        page = pages.get_page(request.GET.get("page"))
        context = {
            "title": "Nothing can be stored yet" if upload.faults else "Check what would change",
            "upload": upload,
            "counts": in_words(upload.counts),
            "page": page,
            "faults": [Fault(*fault) for fault in page] if upload.faults else [],
            "people": [Told(*told) for told in page] if upload.plan else [],
        }
        return self._answer(request, "preview", context)

    def confirm_view(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Exactly what was previewed is done, or nothing is and what would change by now is shown."""
        upload = self._upload(request, uuid)
        try:
            taken = confirm_upload(upload=upload, plan=request.POST.get("plan", ""))
        except (Stale, Refused):
            preview_again(upload=upload)
            messages.warning(
                request,
                "Nothing was stored: what we know has changed since the preview. Check what would change now.",
            )
            return redirect("admin:workforce_staffimport_preview", uuid)
        if upload.staff_import_id is None:
            self.log_addition(request, taken, "Taken in from a file.")
        messages.success(request, "The staff list is stored.")
        return redirect("admin:workforce_staffimport_change", taken.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        taken = get_object_or_404(self.get_queryset(request), pk=_number(object_id))
        can_undo = not hasattr(taken, "undoing") and self._may_take_in(request, taken)
        context = {
            "title": str(taken),
            "taken": taken,
            "can_undo": can_undo,
            "counts": in_words(taken.counts),
        }
        return self._answer(request, "read", context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks why; where something stands on the list, says what."""
        taken = get_object_or_404(self.get_queryset(request), pk=pk, organisation__in=organisations(request))
        form = UndoForm(request.POST or None, label_suffix="")
        faults = why_not_undo(taken) if request.method == "GET" else []
        if form.is_valid():
            try:
                undo_staff_import(
                    staff_import=taken, reason=form.cleaned_data["reason"], by=signed_in(request)
                )
            except Refused as refused:
                faults = refused.faults
            else:
                self.log_change(request, taken, "Undone.")
                messages.success(request, "The staff list is undone. What we knew before holds again.")
                return redirect("admin:workforce_staffimport_change", pk)
        title = "This list cannot be undone" if faults else "Undo this list?"
        context = {
            "title": title,
            "taken": taken,
            "form": form,
            "faults": faults,
            "counts": in_words(taken.counts),
        }
        return self._answer(request, "undo", context)

    @admin.display(description="True on", ordering="on")
    def true_on(self, obj: StaffImport) -> date:
        return obj.on

    @admin.display(description="Taken in", ordering="recorded_at")
    def taken_in(self, obj: StaffImport) -> datetime:
        return obj.recorded_at

    @admin.display(description="State")
    def stage(self, obj: StaffImport) -> str:
        return "Undone" if hasattr(obj, "undoing") else "Stored"

    @admin.display(description="By", ordering="imported_by__name")
    def who(self, obj: StaffImport) -> str:
        return str(obj.imported_by or "The command line")

    @admin.display(description="SHA-256 of the file", ordering="digest")
    def file_digest(self, obj: StaffImport) -> str:
        return f"{obj.digest[:DIGEST_SHOWN]}…"

    @admin.display(description="What it did")
    def did(self, obj: StaffImport) -> str:
        return ", ".join(f"{kind.capitalize()}: {obj.counts.get(kind, 0):,}" for kind in KINDS[:3])

    def _upload(self, request: HttpRequest, uuid: Any) -> StaffUpload:
        own = own_uploads(signed_in(request), timezone.localdate()).select_related("organisation")
        return get_object_or_404(own.defer("data"), uuid=uuid)

    def _may_take_in(self, request: HttpRequest, taken: StaffImport) -> bool:
        return organisations(request).filter(pk=taken.organisation_id).exists()

    def _answer(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        everywhere = self.admin_site.each_context(request) | {"opts": self.model._meta}
        return TemplateResponse(request, f"{TEMPLATES}/{template}.html", everywhere | context)


def in_words(counts: dict[str, int]) -> list[tuple[str, int]]:
    """The counts of a list as lines to read, always in the same order."""
    return [(words, counts[what]) for what, words in COUNTED.items() if what in counts]


def _number(object_id: str) -> int:
    return int(object_id) if object_id.isascii() and object_id.isdecimal() else 0
