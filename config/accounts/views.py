"""Pages about people themselves: first account, sign in and out, preferences, password."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts.forms import PasswordForm, PreferencesForm, SetUpForm, SignInForm, ThemeForm
from config.accounts.models import User
from config.accounts.services import OwnerExistsError, create_owner

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Make the owner's account; only there while nobody has one."""
    if User.objects.exists():
        return redirect("accounts:sign_in")
    form = SetUpForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/set_up.html", {"form": form})
    try:
        owner = create_owner(username=form.cleaned_data["username"], password=form.cleaned_data["password1"])
    except OwnerExistsError as error:
        messages.error(request, str(error))
        return redirect("accounts:sign_in")
    login(request, owner, backend=_BACKEND)
    messages.success(request, f"Welcome, {owner.username}. Now say where your models are.")
    return redirect("libraries:add")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then go on to `next` if that is an address of this site."""
    if not User.objects.exists():
        return redirect("accounts:set_up")
    target = _safe_next(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request, data=request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/sign_in.html", {"form": form, "next": target})
    login(request, form.get_user())
    return redirect(target)


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "models3d:grid"


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=_fresh_user(request))
    if form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the colours that the toggle in the header chose."""
    form = ThemeForm(request.POST, instance=_fresh_user(request))
    if not form.is_valid():
        return HttpResponse("Unknown theme.", status=400, content_type="text/plain")
    form.save()
    return HttpResponse(status=204)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(_user(request), request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/password.html", {"form": form})
    form.save()
    update_session_auth_hash(request, form.user)  # stay signed in here; other devices are signed out
    messages.success(request, "Password changed. Other devices have to sign in again.")
    return redirect("accounts:preferences")


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _fresh_user(request: HttpRequest) -> User:
    """A copy for a form to change, so that an invalid entry does not colour the page that reports it."""
    return User.objects.get(pk=_user(request).pk)
