"""Tags and creators in the admin. They stand here, not in collections_app, since merging and renaming reach into models."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from collections_app.models import Creator, Tag
from config.lib.administration import BrowsingAdmin
from models3d import curation

# More would not fit a page that asks which one to keep.
_MOST_MERGED = 100


class GroupAdmin(BrowsingAdmin):
    """What tags and creators share: most used first, merging, and models that follow a new name."""

    merging: Callable[..., int]
    list_display = ["name", "model_count"]
    search_fields = ["name"]
    ordering = ["-model_count", "name"]
    readonly_fields = ["model_count"]
    actions = ["merge"]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Say how many models lose it: Django would list every one of them."""
        lines = [f"{row.name}, from {row.model_count:,} models; the models stay" for row in objs]
        return lines, {self.opts.verbose_name_plural: len(lines)}, set(), []

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            curation.settle_words_and_counts(_model_ids([obj]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, type(obj).objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        models = _model_ids(queryset)
        super().delete_queryset(request, queryset)
        curation.settle_words_and_counts(models)

    @admin.action(description="Merge the chosen ones into one", permissions=["change", "delete"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = list(queryset[: _MOST_MERGED + 1])
        if not 2 <= len(rows) <= _MOST_MERGED:
            self.message_user(request, f"Choose from 2 to {_MOST_MERGED} to merge.", messages.WARNING)
            return None
        kept = next((row for row in rows if str(row.pk) == request.POST.get("kept")), None)
        if kept is None:
            return self._ask_which(request, rows)
        touched = self.merging(kept, merged=rows)
        self.message_user(
            request, f"“{kept.name}” now stands for all {len(rows)}; {touched:,} models changed."
        )
        return None

    def _ask_which(self, request: HttpRequest, rows: list[Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Merge {len(rows)} {self.opts.verbose_name_plural}",
            "rows": rows,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/merge.html", context)


@admin.register(Tag)
class TagAdmin(GroupAdmin):
    merging = staticmethod(curation.merge_tags)


@admin.register(Creator)
class CreatorAdmin(GroupAdmin):
    fields = ["name", "links", "notes", "model_count"]
    merging = staticmethod(curation.merge_creators)


def _model_ids(rows: Any) -> list[int]:
    """Ids of the models that have any of these tags or creators."""
    groups = list(rows)
    if not groups:
        return []
    kind: type[Model] = type(groups[0])
    linked = kind._base_manager.filter(pk__in=[group.pk for group in groups], models__isnull=False)
    return list(linked.values_list("models", flat=True))
