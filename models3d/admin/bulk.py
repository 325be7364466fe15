"""Bulk edits in the admin: how far each is, what came of it, and a way to stop one."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.lib.administration import BrowsingAdmin, FactsMixin
from models3d import bulk
from models3d.bulk_models import BulkEdit


@admin.register(BulkEdit)
class BulkEditAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["title", "user", "state", "done_count", "total_count", "changed_count", "requested_at"]
    list_select_related = ["user"]
    list_filter = ["state", "action"]
    ordering = ["-id"]
    search_fields = ["user__username__exact"]
    search_help_text = "The name of the person."
    actions = ["stop"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BulkEdit]:
        return super().get_queryset(request).defer("model_ids")

    def get_readonly_fields(self, request: HttpRequest, obj: BulkEdit | None = None) -> list[str]:
        return [field.name for field in BulkEdit._meta.fields if field.name != "model_ids"]

    @admin.action(description="Stop the chosen edits; what is done stays", permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[BulkEdit]) -> None:
        for edit in queryset:
            bulk.cancel(edit)
        self.message_user(request, "The chosen edits end after the models they are at.")
