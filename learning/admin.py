"""Credentials are made and revoked here; statements can be looked at and never changed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, Form, ModelForm, MultipleChoiceField
from django.http import HttpRequest

from .actions import create_credential, revoke_credential
from .models import Credential, Statement


class CredentialForm(ModelForm):
    scopes = MultipleChoiceField(choices=Credential.Scope.choices, widget=CheckboxSelectMultiple)

    class Meta:
        model = Credential
        fields = ("name", "organisation", "scopes", "gives_evidence")


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin):
    form = CredentialForm
    list_display = ("name", "key", "organisation", "gives_evidence", "revoked_at")
    list_select_related = ("organisation",)
    readonly_fields = ("key", "created_at", "revoked_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: Credential, form: Form, change: bool) -> None:
        if change:
            return super().save_model(request, obj, form, change)
        made, secret = create_credential(**form.cleaned_data)
        obj.pk, obj.key, obj.digest, obj.created_at = made.pk, made.key, made.digest, made.created_at
        words = f"Key: {made.key} Secret: {secret} Copy the secret now: it is not shown again."
        messages.warning(request, words)
        return None

    @admin.action(description="Revoke the selected credentials", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Credential]) -> None:
        for credential in queryset:
            revoke_credential(credential=credential)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Statement)
class StatementAdmin(admin.ModelAdmin):
    list_display = ("stored", "verb", "activity", "credential", "voided_at")
    list_select_related = ("activity", "credential")
    list_filter = (("voided_by", admin.EmptyFieldListFilter), "credential")
    search_fields = ("=id", "=registration", "=activity__iri")
    show_full_result_count = False
    ordering = ("-stored", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
