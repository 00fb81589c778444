from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ..models import Statement


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
