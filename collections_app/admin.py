"""Collections and saved searches in the admin. Tags and creators are shown by `models3d.admin`, which knows what they are on."""

from django.contrib import admin

from collections_app.models import Collection, SavedSearch
from config.lib.administration import BrowsingAdmin


@admin.register(Collection)
class CollectionAdmin(BrowsingAdmin):
    list_display = ["name", "parent", "created_at"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["created_at", "cover_sha256"]


@admin.register(SavedSearch)
class SavedSearchAdmin(BrowsingAdmin):
    list_display = ["name", "user", "query", "created_at"]
    list_select_related = ["user"]
    search_fields = ["name", "query"]
    autocomplete_fields = ["user"]
    readonly_fields = ["created_at"]
