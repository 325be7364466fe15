"""Libraries in the admin: settings, and an action that has them scanned. Adding and removing have pages of their own."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from config.lib.administration import BrowsingAdmin, FactsMixin
from config.lib.bell import ring_by_name
from libraries.models import Library
from libraries.querysets import LibraryQuerySet


@admin.register(Library)
class LibraryAdmin(FactsMixin, BrowsingAdmin):
    list_display = [
        "name",
        "place",
        "model_count",
        "file_count",
        "scanned_at",
        "next_scan_at",
        "is_restricted",
    ]
    list_filter = ["storage", "is_restricted"]
    search_fields = ["name", "path", "bucket"]
    autocomplete_fields = ["members"]
    filter_horizontal = ["groups"]
    readonly_fields = [
        "storage",
        "path",
        "bucket",
        "prefix",
        "endpoint_url",
        "region",
        "uses_path_style",
        "is_reachable_by_browsers",
        "created_at",
        "scanned_at",
        "next_scan_at",
        "root_device",
        "model_count",
        "file_count",
        "total_bytes",
        "model_counts_by_format",
    ]
    actions = ["rescan"]

    @admin.action(description="Scan the chosen libraries now", permissions=["change"])
    def rescan(self, request: HttpRequest, queryset: LibraryQuerySet) -> None:
        number = queryset.update(next_scan_at=timezone.now())
        ring_by_name("scanning.tasks.start_due_scans")
        self.message_user(
            request,
            f"{number:,} libraries are scanned as soon as a worker is free.",
            messages.SUCCESS,
        )
