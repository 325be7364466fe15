"""Changes of files in the admin: what was asked for, and what came of it; only to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.lib.administration import BrowsingAdmin, FactsMixin
from models3d.models import FileChange, HistoryEntry, Move


class ReadOnlyAdmin(FactsMixin, BrowsingAdmin):
    """Rows that only the program writes."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(FileChange)
class FileChangeAdmin(ReadOnlyAdmin):
    list_display = [
        "id", "kind", "library", "state", "requested_by", "requested_at", "move_count", "done_count", "failed_count",
    ]  # fmt: skip
    list_filter = ["state", "kind", "library"]
    list_select_related = ["library", "requested_by"]


@admin.register(Move)
class MoveAdmin(ReadOnlyAdmin):
    list_display = ["name", "from_path", "to_path", "state", "sentence"]
    search_fields = ["change__id__exact"]
    search_help_text = "The number of a change."
    fields = ["change", "name", "from_path", "to_path", "state", "sentence", "file_count", "total_bytes"]


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin):
    list_display = ["happened_at", "kind", "model", "user", "from_path", "to_path"]
    list_select_related = ["model", "user"]
