"""Models, files, pictures, marks, tags and creators in the admin: curation, and facts to read."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from config.lib.administration import BrowsingAdmin, FactsMixin
from config.lib.bell import ring
from models3d import curation
from models3d.conditions import condition
from models3d.models import Mark, Model3D, ModelFile, Preview
from models3d.query_language.parsing import parse
from models3d.querysets import Model3DQuerySet, ModelFileQuerySet
from models3d.tasks import analyze_waiting
from models3d.word_models import Word

_CURATED = [
    "name",
    "creator",
    "tags",
    "collections",
    "license",
    "links",
    "notes",
    "is_sensitive",
    "custom_fields",
]


class AnalysisFilter(admin.SimpleListFilter):
    """The states that an index of its own answers."""

    title = "analysis"
    parameter_name = "analysis"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("failed", "Failed"), ("missing", "Missing file")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "waiting":
            return queryset.filter(analysis_state=ModelFile.State.PENDING, missing_since=None)
        if self.value() == "failed":
            return queryset.filter(analysis_state=ModelFile.State.FAILED)
        return queryset.exclude(missing_since=None) if self.value() == "missing" else queryset


@admin.register(Model3D)
class Model3DAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["name", "library", "creator", "file_count", "total_bytes", "added_at", "is_sensitive"]
    list_filter = ["library"]
    list_select_related = ["library", "creator"]
    ordering = ["-added_at", "-id"]
    sortable_by = ["added_at"]
    search_fields = ["name"]
    search_help_text = "Words of names, tags, creators and files."
    autocomplete_fields = ["creator", "tags", "collections"]
    raw_id_fields = ["cover"]
    fields = [
        *_CURATED,
        "cover",
        ("library", "relative_path"),
        ("file_count", "total_bytes", "formats"),
        ("size_x_mm", "size_y_mm", "size_z_mm", "is_watertight"),
        ("added_at", "updated_at", "missing_since"),
    ]
    readonly_fields = [
        "library",
        "relative_path",
        "file_count",
        "total_bytes",
        "formats",
        "size_x_mm",
        "size_y_mm",
        "size_z_mm",
        "is_watertight",
        "added_at",
        "updated_at",
        "missing_since",
    ]
    actions = ["reanalyze"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model3D], search_term: str
    ) -> tuple[QuerySet[Model3D], bool]:
        tree = parse(search_term).tree
        return (queryset.filter(condition(tree, user=request.user)) if tree else queryset), False

    def save_model(self, request: HttpRequest, obj: Model3D, form: ModelForm, change: bool) -> None:
        obj.edited_fields = sorted({*obj.edited_fields, *(set(form.changed_data) & set(_CURATED))})
        obj.creator_words = obj.creator.name if obj.creator else ""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        curation.settle_words_and_counts([form.instance.pk])

    @admin.action(
        description="Measure and picture the files of the chosen models anew", permissions=["change"]
    )
    def reanalyze(self, request: HttpRequest, queryset: Model3DQuerySet) -> None:
        number = curation.reanalyze(ModelFile.objects.filter(model__in=queryset.order_by().values("pk")))
        ring(analyze_waiting)
        self.message_user(request, f"{number:,} files wait to be measured and pictured anew.")


@admin.register(ModelFile)
class ModelFileAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["__str__", "kind", "size_bytes", "analysis_state", "triangle_count", "is_watertight"]
    list_filter = [AnalysisFilter, "library"]
    ordering = ["-id"]
    sortable_by = ["size_bytes"]
    search_fields = ["sha256__exact"]
    search_help_text = "Words of the model or file, or a whole sha256."
    actions = ["reanalyze"]

    def get_readonly_fields(self, request: HttpRequest, obj: ModelFile | None = None) -> list[str]:
        edited = {"role", "caption", "notes"}
        return [field.name for field in ModelFile._meta.fields if field.name not in edited]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ModelFile], search_term: str
    ) -> tuple[QuerySet[ModelFile], bool]:
        term = search_term.strip().lower()
        if len(term) == 64 and all(letter in "0123456789abcdef" for letter in term):
            return queryset.filter(sha256=term), False
        tree = parse(search_term).tree
        if tree is None:
            return queryset, False
        models = Model3D.objects.filter(condition(tree, user=request.user))
        return queryset.filter(model__in=models.order_by().values("pk")), False

    @admin.action(description="Measure and picture the chosen files anew", permissions=["change"])
    def reanalyze(self, request: HttpRequest, queryset: ModelFileQuerySet) -> None:
        number = curation.reanalyze(queryset)
        ring(analyze_waiting)
        self.message_user(
            request, f"{number:,} files wait to be measured and pictured anew.", messages.SUCCESS
        )


@admin.register(Preview)
class PreviewAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["sha256", "form", "version", "size_bytes", "created_at"]
    search_fields = ["sha256__exact"]
    search_help_text = "The whole sha256 of a content."

    def has_change_permission(self, request: HttpRequest, obj: Preview | None = None) -> bool:
        return False


@admin.register(Mark)
class MarkAdmin(BrowsingAdmin):
    list_display = ["user", "model", "is_favorite", "rating"]
    list_select_related = ["user", "model"]
    list_filter = ["is_favorite", "rating"]
    search_fields = ["user__username__exact"]
    search_help_text = "The name of the person."
    autocomplete_fields = ["user", "model"]


@admin.register(Word)
class WordAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["word", "stem", "model_count", "learned_at"]
    search_fields = ["word__startswith"]

    def has_change_permission(self, request: HttpRequest, obj: Word | None = None) -> bool:
        return False
