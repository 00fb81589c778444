"""How ESR knows an organisation, and which of its names count here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils import timezone

from workforce.admin.records import NeverDeleted
from workforce.admin.staff_lists import signed_in
from workforce.queries import organisations_led

from ..esr.forms import EsrNameForm
from ..esr.naming import set_esr_credits
from ..esr.permissions import can_change_name, visible_names
from ..models import EsrCredit, EsrName, EsrProfile


@admin.register(EsrProfile)
class EsrProfileAdministration(admin.ModelAdmin):
    list_display = ("organisation", "vpd")
    list_select_related = ("organisation",)
    search_fields = ("organisation__code", "organisation__name", "vpd")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EsrProfile]:
        profiles = super().get_queryset(request)
        user = signed_in(request)
        if user.is_superuser:
            return profiles
        return profiles.filter(organisation__in=organisations_led(user, timezone.localdate()))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _own_only(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field, request)


class EsrCreditInline(admin.TabularInline):
    model = EsrCredit
    extra = 1
    verbose_name_plural = "Counts for"


@admin.register(EsrName)
class EsrNameAdministration(NeverDeleted):
    """A name without credits counts for nothing; one that was used is never deleted."""

    form = EsrNameForm
    list_display = ("name", "whose", "counts_for")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("name",)
    inlines = (EsrCreditInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EsrName]:
        user = signed_in(request)
        names = EsrName.objects.all() if user.is_superuser else visible_names(user, timezone.localdate())
        return names.select_related("organisation").prefetch_related("credits__capability")

    def get_readonly_fields(self, request: HttpRequest, obj: EsrName | None = None) -> tuple[str, ...]:
        return ("organisation",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: EsrName | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        user = signed_in(request)
        return user.is_superuser or can_change_name(user, obj, timezone.localdate())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _own_only(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field, request)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Evidence follows the credits, in the transaction that stores them."""
        super().save_related(request, form, formsets, change)
        set_esr_credits(name=form.instance)

    @admin.display(description="Whose", ordering="organisation")
    def whose(self, obj: EsrName) -> str:
        return str(obj.organisation or "National")

    @admin.display(description="Counts for")
    def counts_for(self, obj: EsrName) -> str:
        return ", ".join(map(str, obj.credits.all())) or "Nothing"


def _own_only(field: Any, db_field: Any, request: HttpRequest) -> Any:
    """Only organisations that the person leads may be chosen; whoever runs the service may choose any."""
    user = signed_in(request)
    if db_field.name == "organisation" and isinstance(field, ModelChoiceField) and not user.is_superuser:
        field.queryset = organisations_led(user, timezone.localdate())
        field.required = not can_change_name(user, EsrName(), timezone.localdate())
    return field
