"""Screens of records: some are changed here, some are only looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

from workforce import models


class NeverDeleted(admin.ModelAdmin):
    """Deleting a row here would take history with it: close, end or deactivate it instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(NeverDeleted):
    """What was recorded is looked at here; it changes by an action, which keeps what was believed before."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class UserCreation(AdminUserCreationForm):
    class Meta:
        model = models.User
        fields = ("email", "name")

    def clean_email(self) -> str | None:
        email: str | None = self.cleaned_data["email"]
        return email.lower() if email else None


@admin.register(models.User)
class UserAdministration(NeverDeleted, UserAdmin):
    add_form = UserCreation
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("name", "email", "memberships__staff_number")
    ordering = ("name", "pk")
    readonly_fields = ("uuid", "last_login")
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "first_nhs_day", "uuid")}),
        ("What they may open", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login",)}),
    )
    add_fieldsets = ((None, {"fields": ("name", "email", "usable_password", "password1", "password2")}),)
    filter_horizontal = ("groups",)


class SuccessionInline(admin.TabularInline):
    model = models.Succession
    fk_name = "old"
    autocomplete_fields = ("new",)
    extra = 0
    verbose_name_plural = "Carried on by"


@admin.register(models.Organisation)
class OrganisationAdministration(NeverDeleted):
    list_display = ("code", "name", "region", "opened", "closed", "joined", "is_invented")
    list_filter = ("is_invented", "region")
    search_fields = ("code", "name")
    inlines = (SuccessionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


class TeamPlaceInline(admin.TabularInline):
    model = models.TeamPlace
    fk_name = "team"
    autocomplete_fields = ("parent",)
    extra = 0


@admin.register(models.Team)
class TeamAdministration(admin.ModelAdmin):
    list_display = ("name", "code", "organisation")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("organisation",)
    search_fields = ("name", "code", "organisation__code")
    autocomplete_fields = ("organisation",)
    inlines = (TeamPlaceInline,)


@admin.register(models.TeamPlace)
class TeamPlaceAdministration(admin.ModelAdmin):
    list_display = ("team", "parent", "during")
    list_select_related = ("team__organisation", "parent")
    search_fields = ("team__name", "team__code")
    autocomplete_fields = ("team", "parent")


@admin.register(models.Membership)
class MembershipAdministration(NeverDeleted):
    list_display = ("user", "organisation", "staff_number")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "staff_number")
    autocomplete_fields = ("user", "organisation")


@admin.register(models.Post)
class PostAdministration(ReadOnly):
    list_display = ("membership", "team", "tier", "engagement", "during", "recorded_at", "superseded_at")
    list_filter = ("tier", "engagement", ("superseded_at", admin.EmptyFieldListFilter))
    list_select_related = ("membership__user", "membership__organisation", "team", "tier")
    search_fields = ("membership__user__name", "membership__staff_number", "team__name", "team__code")


@admin.register(models.Absence)
class AbsenceAdministration(ReadOnly):
    list_display = ("membership", "during", "recorded_at", "superseded_at")
    list_filter = (("superseded_at", admin.EmptyFieldListFilter),)
    list_select_related = ("membership__user", "membership__organisation")
    search_fields = ("membership__user__name", "membership__staff_number")


@admin.register(models.Committee)
class CommitteeAdministration(admin.ModelAdmin):
    list_display = ("name", "organisation", "role_key", "link_person")
    list_filter = (("organisation", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("organisation", "link_person")
    search_fields = ("name", "organisation__code", "organisation__name")
    autocomplete_fields = ("organisation", "link_person")


@admin.register(models.Seat)
class SeatAdministration(admin.ModelAdmin):
    list_display = ("user", "committee", "during")
    list_select_related = ("user", "committee")
    search_fields = ("user__name", "committee__name")
    autocomplete_fields = ("user", "committee")


@admin.register(models.Grant)
class GrantAdministration(NeverDeleted):
    """A grant is given here and ended by its last day; who gave it is whoever is signed in."""

    list_display = ("user", "role", "organisation", "team", "national", "during", "granted_by")
    list_filter = ("role", "national")
    list_select_related = ("user", "organisation", "team", "granted_by")
    search_fields = ("user__name", "user__email", "organisation__code", "team__name")
    autocomplete_fields = ("user", "organisation", "team")
    readonly_fields = ("granted_by", "recorded_at")

    def save_model(
        self, request: HttpRequest, obj: models.Grant, form: forms.ModelForm, change: bool
    ) -> None:
        if not change and isinstance(request.user, models.User):
            obj.granted_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(models.Tier, models.Overlay)
class TierAdministration(ReadOnly):
    list_display = ("key", "label")
    search_fields = ("key", "label")
