"""Scans and problems in the admin: reports to read, problems to ignore."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from config.lib.administration import BrowsingAdmin, FactsMixin
from scanning import ignoring
from scanning.models import FolderGrouping, ModelDecision, Problem, Scan
from scanning.querysets import ProblemQuerySet
from scanning.upload_models import Upload, UploadBatch


@admin.register(Scan)
class ScanAdmin(FactsMixin, BrowsingAdmin):
    list_display = [
        "id",
        "library",
        "state",
        "requested_at",
        "finished_at",
        "found_count",
        "new_count",
        "missing_count",
    ]
    list_filter = ["state", "library"]
    list_select_related = ["library"]
    search_fields = ["library__name"]
    fields = [
        ("library", "state", "phase"),
        ("requested_by", "requested_at", "started_at", "finished_at"),
        ("is_dry_run", "is_confirmed", "is_cancel_requested"),
        (
            "found_count",
            "new_count",
            "changed_count",
            "moved_count",
            "missing_count",
            "returned_count",
            "skipped_count",
        ),
        "model_count",
        "error",
    ]

    def has_change_permission(self, request: HttpRequest, obj: Scan | None = None) -> bool:
        return False


@admin.register(Problem)
class ProblemAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["sentence", "kind", "severity", "library", "model", "found_at", "ignored_at"]
    list_filter = ["severity", ("ignored_at", admin.EmptyFieldListFilter)]
    list_select_related = ["library", "model"]
    search_fields = ["kind__exact"]
    search_help_text = "The kind of problem, such as not_watertight."
    actions = ["ignore", "bring_back"]

    def has_change_permission(self, request: HttpRequest, obj: Problem | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.action(description="Ignore the chosen problems", permissions=["view"])
    def ignore(self, request: HttpRequest, queryset: ProblemQuerySet) -> None:
        number = ignoring.ignore(queryset, by=request.user, now=timezone.now())
        self.message_user(request, f"{number:,} problems are ignored.")

    @admin.action(description="Bring the chosen problems back", permissions=["view"])
    def bring_back(self, request: HttpRequest, queryset: ProblemQuerySet) -> None:
        self.message_user(request, f"{ignoring.bring_back(queryset):,} problems are shown again.")


@admin.register(FolderGrouping)
class FolderGroupingAdmin(BrowsingAdmin):
    list_display = ["folder", "library", "how", "decided_by", "decided_at"]
    list_filter = ["how", "library"]
    list_select_related = ["library", "decided_by"]
    search_fields = ["folder"]
    fields = ["library", "folder", "how", "absorbed_names", "separate_names"]


@admin.register(ModelDecision)
class ModelDecisionAdmin(BrowsingAdmin):
    list_display = ["path", "kind", "target", "library", "decided_by", "decided_at"]
    list_filter = ["kind", "library"]
    list_select_related = ["library", "decided_by"]
    search_fields = ["path", "target"]
    fields = ["library", "kind", "path", "target"]


@admin.register(UploadBatch)
class UploadBatchAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["id", "library", "user", "folder", "name", "created_at", "touched_at", "submitted_at"]
    list_filter = ["library"]
    list_select_related = ["library", "user"]
    search_fields = ["name", "folder", "user__username"]
    readonly_fields = [field.name for field in UploadBatch._meta.fields]


@admin.register(Upload)
class UploadAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["__str__", "batch", "state", "size_bytes", "sentence", "created_at"]
    list_filter = ["state"]
    list_select_related = ["batch__library"]
    search_fields = ["relative_path", "sha256"]
    readonly_fields = [field.name for field in Upload._meta.fields]
