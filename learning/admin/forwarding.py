from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Count, Q, QuerySet
from django.forms import (
    CharField,
    DateTimeField,
    DateTimeInput,
    ModelForm,
    PasswordInput,
    Textarea,
    ValidationError,
)
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..actions.forwarding import resume_forwarders, send_again
from ..models import Delivery, Forwarder
from ..xapi import Invalid
from ..xapi.formats import Iri
from ..xapi.shapes import shaped

_EACH = "Only these, each an IRI on a line of its own. Empty: all."
_DEAD = Q(dead_at__isnull=False)


def _lines() -> SimpleArrayField:
    """A list with an entry on each line: a comma may stand in an IRI."""
    return SimpleArrayField(
        CharField(required=False), required=False, delimiter="\n", widget=Textarea, help_text=_EACH
    )


class ForwarderForm(ModelForm):
    secret = CharField(
        required=False,
        strip=True,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="It is kept sealed and never shown. Leave it empty to keep the one that is there.",
    )

    verbs = _lines()
    activities = _lines()
    looked_stored = DateTimeField(
        required=False,
        label="Send what was stored after",
        widget=DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="Empty: from the first statement on.",
    )

    class Meta:
        model = Forwarder
        fields = (
            "name",
            "is_on",
            "endpoint",
            "key",
            "secret",
            "version",
            "verbs",
            "activities",
            "organisation",
            "sends_voiding",
            "looked_stored",
        )
        labels: ClassVar = {"is_on": "Switched on", "endpoint": "Address"}

    def clean_verbs(self) -> list[str]:
        return [_iri(text) for text in self.cleaned_data["verbs"] if text]

    def clean_activities(self) -> list[str]:
        return [_iri(text) for text in self.cleaned_data["activities"] if text]

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if not secret and not self.instance.pk:
            self.add_error("secret", "Give the secret that belongs to the key.")
        return secret

    def save(self, commit: bool = True) -> Forwarder:
        if self.cleaned_data["secret"]:
            self.instance.set_secret(self.cleaned_data["secret"])
        saved: Forwarder = super().save(commit)
        return saved


def _iri(text: str) -> str:
    try:
        return shaped(text, Iri)
    except Invalid as fault:
        raise ValidationError(f"{text} {fault.rule}.") from None


@admin.register(Forwarder)
class ForwarderAdmin(admin.ModelAdmin):
    form = ForwarderForm
    list_display = ("name", "state", "waiting", "dead_letters", "delivered", "address")
    autocomplete_fields = ("organisation",)
    actions = ("resume",)
    _told = ("state", "waiting", "dead_letters", "delivered", "differing", "worked_at", "looked_stored")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Forwarder]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                waiting_count=Count("deliveries", filter=Q(deliveries__dead_at=None)),
                dead_count=Count("deliveries", filter=Q(deliveries__dead_at__isnull=False)),
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self._told if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = [name for name in ForwarderForm.Meta.fields if not obj or name != "looked_stored"]
        return [*asked, *self.get_readonly_fields(request, obj)]

    def save_model(self, request: HttpRequest, obj: Forwarder, form: Any, change: bool) -> None:
        """Only what was asked: a worker may be writing the rest of the row at this moment."""
        if not change:
            return super().save_model(request, obj, form, change)
        asked = [name for name in form.fields if name != "secret"]
        obj.save(update_fields=[*asked, "sealed_secret"])
        resume_forwarders(forwarders=Forwarder.objects.filter(pk=obj.pk))
        return None

    @admin.display(description="State")
    def state(self, obj: Forwarder) -> str:
        if not obj.is_on:
            return "Off"
        if obj.paused_because:
            return f"Paused. {obj.paused_because}"
        if obj.retry_at and obj.trouble:
            return f"Trying again at {obj.retry_at:%H:%M} (UTC), after {obj.failures} failures. {obj.trouble}"
        return "Working" if obj.claim else "Waiting for its next turn"

    @admin.display(description="Address", ordering="endpoint")
    def address(self, obj: Forwarder) -> str:
        return obj.endpoint

    @admin.display(description="Waiting")
    def waiting(self, obj: Any) -> int:
        count: int = obj.waiting_count
        return count

    @admin.display(description="Dead letters")
    def dead_letters(self, obj: Any) -> SafeString | int:
        if not obj.dead_count:
            return 0
        address = f"{reverse('admin:learning_delivery_changelist')}?forwarder__id__exact={obj.pk}"
        words = "dead letter" if obj.dead_count == 1 else "dead letters"
        return format_html('<a href="{}">{} {}</a>', address, obj.dead_count, words)

    @admin.action(description="Go on now, after a pause or a failure", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Forwarder]) -> None:
        resume_forwarders(forwarders=Forwarder.objects.filter(pk__in=queryset.values("pk")))
        messages.success(request, "They go on within a minute.")


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Dead letters: what another record refused, and why. Their actors' later statements wait behind them."""

    list_display = ("statement_link", "reason", "to", "dead_at")
    list_display_links = None
    delete_selected_confirmation_template = "admin/learning/delivery/delete.html"
    list_filter = ("forwarder",)
    actions = ("send_again",)
    ordering = ("pk",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).filter(_DEAD).select_related("forwarder")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": "Dead letters"} | (extra_context or {}))

    @admin.display(description="Forwarder", ordering="forwarder__name")
    def to(self, obj: Delivery) -> str:
        return str(obj.forwarder)

    @admin.display(description="Statement")
    def statement_link(self, obj: Delivery) -> SafeString:
        address = reverse("admin:learning_statement_change", args=[obj.statement_id])
        return format_html('<a href="{}">{}</a>', address, obj.statement_id)

    @admin.action(description="Send the selected statements again", permissions=["delete"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = send_again(deliveries=queryset)
        messages.success(request, f"{count} go out again within a minute.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
