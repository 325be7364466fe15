"""People in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm

from config.accounts.models import User


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    list_display = ["username", "email", "role", "is_active", "last_login"]
    list_filter = ["is_superuser", "is_editor", "is_active"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        *(UserAdmin.fieldsets or ()),
        (
            "Role",
            {"fields": ["is_editor"], "description": "An owner is a superuser; who is neither is a viewer."},
        ),
        (
            "Preferences",
            {"fields": ["theme", "units", "page_size", "sensitive_models", "bed_x_mm", "bed_y_mm"]},
        ),
    ]
