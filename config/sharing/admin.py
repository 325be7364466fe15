"""Shared links in the admin: to be looked through, and closed."""

from django.contrib import admin
from django.http import HttpRequest

from config.lib.administration import BrowsingAdmin
from config.sharing.models import ShareLink


@admin.register(ShareLink)
class ShareLinkAdmin(BrowsingAdmin):
    list_display = ["title", "created_by", "may_download", "created_at", "expires_at", "last_opened_at"]
    list_select_related = ["model", "collection", "created_by"]
    search_fields = ["created_by__username__exact"]
    search_help_text = "The name of the person who made it."
    fields = [
        "model",
        "collection",
        "created_by",
        "may_download",
        "expires_at",
        "created_at",
        "last_opened_at",
    ]
    readonly_fields = ["model", "collection", "created_by", "created_at", "last_opened_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # made on a page that also signs its address
