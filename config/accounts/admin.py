"""People in the admin, with their tokens and invites, and the counting of tries."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from config.accounts.models import ApiToken, Invite, Throttle, User
from config.accounts.people import LastOwner, is_last_owner
from config.lib.administration import BrowsingAdmin, FactsMixin


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User

    def clean(self) -> dict[str, Any] | None:
        """Refuse what would leave nobody to manage anything."""
        cleaned = super().clean()
        stays = self.cleaned_data.get("is_superuser") and self.cleaned_data.get("is_active")
        if not stays and is_last_owner(User.objects.get(pk=self.instance.pk)):
            raise ValidationError(str(LastOwner()))
        return cleaned


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    list_display = ["username", "email", "role", "is_active", "last_login"]
    list_filter = ["is_superuser", "is_editor", "is_active"]
    readonly_fields = ["last_login", "last_seen_at", "date_joined"]
    fieldsets = [
        *(UserAdmin.fieldsets or ()),
        (
            "Role",
            {"fields": ["is_editor"], "description": "An owner is a superuser; who is neither is a viewer."},
        ),
        (
            "Preferences",
            {"fields": ["theme", "units", "page_size", "sensitive_models", "slicer"]},
        ),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are deleted one by one, and the last owner never."""
        return super().has_delete_permission(request, obj) and not (obj and is_last_owner(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # it asks about all of them at once, and could take every owner
        return actions


@admin.register(ApiToken)
class ApiTokenAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["name", "user", "created_at", "expires_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username__exact"]
    fields = ["name", "user", "scopes", "expires_at", "created_at", "last_used_at"]
    readonly_fields = ["name", "user", "scopes", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return True  # to revoke it


@admin.register(Invite)
class InviteAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["__str__", "role", "invited_by", "created_at", "expires_at", "used_by", "used_at"]
    list_select_related = ["invited_by", "used_by"]
    search_fields = ["note"]
    fields = ["note", "role", "library_ids", "invited_by", "expires_at", "used_by", "used_at"]
    readonly_fields = ["role", "library_ids", "invited_by", "used_by", "used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Invite | None = None) -> bool:
        return True  # to take it back


@admin.register(Throttle)
class ThrottleAdmin(FactsMixin, BrowsingAdmin):
    list_display = ["key", "tries", "tried_at", "waits_until"]
    readonly_fields = ["key", "tries", "tried_at", "waits_until"]

    def has_delete_permission(self, request: HttpRequest, obj: Throttle | None = None) -> bool:
        return True  # to let somebody try again at once
