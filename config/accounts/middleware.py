"""Everything needs a signed-in person, but for what is marked; before the first account exists, all roads lead to its making."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from config.accounts.models import User
from config.accounts.people import note_seen


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], *view_arguments: Any
    ) -> HttpResponseBase | None:
        refusal = super().process_view(request, view_func, *view_arguments)
        if refusal is None and isinstance(request.user, User):
            note_seen(request.user, now=timezone.now())
        if refusal is not None and request.headers.get("HX-Request"):
            # htmx would follow a redirect and put the sign-in page into a fragment: have the whole page loaded anew.
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return refusal

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if not User.objects.exists():
            return redirect("accounts:set_up")
        return super().handle_no_permission(request, view_func)
