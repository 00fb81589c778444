from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, Form, ModelForm, MultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from workforce.models import User

from ..actions import add_secret, create_credential, end_secret, revoke_credential
from ..models import Credential, Secret


def signed_in(request: HttpRequest) -> User:
    """Who is at an administration screen: nobody else gets so far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


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
    search_fields = ("name", "key")
    autocomplete_fields = ("organisation",)
    actions = ("revoke",)
    change_form_template = "admin/learning/credential/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        new = self.admin_site.admin_view(require_POST(self.new_secret_view))
        end = self.admin_site.admin_view(self.end_secret_view)
        return [
            path("<int:pk>/secret/", new, name="learning_credential_secret"),
            path("<int:pk>/secret/<int:secret_pk>/end/", end, name="learning_credential_end_secret"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Credential | None = None) -> tuple[str, ...]:
        """What there is to tell: nothing of one that is not made yet."""
        if obj is None:
            return ()
        return ("key", "created_at", *(("revoked_at", "revoked_by") if obj.revoked_at else ()))

    def save_model(self, request: HttpRequest, obj: Credential, form: Form, change: bool) -> None:
        if change:
            return super().save_model(request, obj, form, change)
        made, secret = create_credential(**form.cleaned_data, by=signed_in(request))
        obj.pk, obj.key, obj.created_at = made.pk, made.key, made.created_at
        # It lives as long as this request: neither the session nor a message ever holds it.
        obj.shown_once = secret  # type: ignore[attr-defined]
        return None

    def response_add(
        self, request: HttpRequest, obj: Credential, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._secret_page(request, obj, obj.shown_once)  # type: ignore[attr-defined]

    def new_secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        credential = self._to_change(request, pk)
        try:
            secret = add_secret(credential=credential, by=signed_in(request))
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("admin:learning_credential_change", pk)
        self.log_change(request, credential, "Made one more secret.")
        return self._secret_page(request, credential, secret)

    def end_secret_view(self, request: HttpRequest, pk: int, secret_pk: int) -> HttpResponse:
        """Asks first: whatever still uses the secret is shut out at once."""
        credential = self._to_change(request, pk)
        secret = get_object_or_404(Secret, pk=secret_pk, credential=credential)
        if request.method == "POST":
            end_secret(secret=secret, by=signed_in(request))
            self.log_change(request, credential, f"Ended {secret}.")
            messages.success(request, f"{secret} no longer opens anything.")
            return redirect("admin:learning_credential_change", pk)
        context = self._context(request, credential, title=f"End {str(secret).lower()} of {credential}?") | {
            "secret": secret
        }
        return TemplateResponse(request, "admin/learning/credential/end_secret.html", context)

    @admin.action(description="Revoke the selected credentials", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Credential]) -> None:
        for credential in queryset:
            revoke_credential(credential=credential, by=signed_in(request))
            self.log_change(request, credential, "Revoked it.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        known = int(object_id) if object_id.isdecimal() else 0
        secrets = Secret.objects.filter(credential=known).select_related("created_by", "ended_by")
        return super().change_view(request, object_id, form_url, {"secrets": secrets} | (extra_context or {}))

    def _to_change(self, request: HttpRequest, pk: int) -> Credential:
        credential = get_object_or_404(Credential, pk=pk)
        if not self.has_change_permission(request, credential):
            raise PermissionDenied
        return credential

    def _secret_page(self, request: HttpRequest, credential: Credential, secret: str) -> HttpResponse:
        """Shown in the answer itself; every screen of the administration site forbids browsers to keep it."""
        context = self._context(request, credential, title=f"The secret of {credential}") | {
            "shown_once": secret
        }
        return TemplateResponse(request, "admin/learning/credential/secret.html", context)

    def _context(self, request: HttpRequest, credential: Credential, title: str) -> dict[str, Any]:
        opts = self.model._meta
        return self.admin_site.each_context(request) | {
            "opts": opts,
            "credential": credential,
            "title": title,
        }
