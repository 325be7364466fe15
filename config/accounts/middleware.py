"""Everything needs a signed-in person, but for what is marked; before the first account exists, all roads lead to its making."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if not get_user_model().objects.exists():
            return redirect("accounts:set_up")
        return super().handle_no_permission(request, view_func)
