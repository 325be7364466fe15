"""The admin pages' frame: one place to sign in, which is that of the other pages."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView


class AdministrationSite(AdminSite):
    site_title = "Layershelf admin"
    site_header = "Layershelf admin"
    index_title = "Curation"

    def has_permission(self, request: HttpRequest) -> bool:
        """Owners only: these pages show the rows of every library."""
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied  # signing in once more would not help
        target = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': target})}")

    def get_urls(self) -> list[Any]:
        # Asked first: the pages of the same name of Django's are never reached.
        ours = [
            path("logout/", sign_out, name="logout"),
            path(
                "password_change/",
                RedirectView.as_view(pattern_name="accounts:password"),
                name="password_change",
            ),
        ]
        return [*ours, *super().get_urls()]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")
