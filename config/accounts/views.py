"""Pages about people themselves: first account, sign in and out, preferences, password."""

from http import HTTPStatus
from typing import Final, cast

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts.forms import PasswordForm, PreferencesForm, SetUpForm, SignInForm, ThemeForm
from config.accounts.models import User
from config.accounts.services import OwnerExistsError, create_owner
from config.accounts.throttling import Guard, TooManyTries, address_of, admit, forgive, take_back

_FREE_TRIES: Final = 5
# Many people may share an address, such as those behind one router.
_FREE_TRIES_OF_ADDRESS: Final = 30
BACKEND = "django.contrib.auth.backends.ModelBackend"


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
    login(request, owner, backend=BACKEND)
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
    form, status = SignInForm(request, data=request.POST or None), HTTPStatus.OK
    try:
        if request.method == "POST" and sign_in_is_right(request, form):
            login(request, form.get_user())
            return redirect(target)
    except TooManyTries as error:
        form, status = SignInForm(request), HTTPStatus.TOO_MANY_REQUESTS
        messages.error(request, str(error))
    return render(request, "accounts/sign_in.html", {"form": form, "next": target}, status=status)


def sign_in_is_right(request: HttpRequest, form: SignInForm) -> bool:
    """Whether name and password belong together. Raises TooManyTries, before it looks at the password."""
    address, now = address_of(request), timezone.now()
    at_this_name = Guard(f"sign-in as {form.data.get('username', '').lower()} from {address}", _FREE_TRIES)
    at_all_names = Guard(f"sign-in from {address}", _FREE_TRIES_OF_ADDRESS)
    admit(at_this_name, at_all_names, now=now)
    if not form.is_valid():
        return False
    forgive(at_this_name)
    take_back(at_all_names)
    return True


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
    form = PasswordForm(current_user(request), request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/password.html", {"form": form})
    form.save()
    update_session_auth_hash(request, form.user)  # stay signed in here; other devices are signed out
    messages.success(request, "Password changed. Other devices have to sign in again.")
    return redirect("accounts:preferences")


def current_user(request: HttpRequest) -> User:
    """The signed-in person."""
    return cast("User", request.user)


def _fresh_user(request: HttpRequest) -> User:
    """A copy for a form to change, so that an invalid entry does not colour the page that reports it."""
    return User.objects.get(pk=current_user(request).pk)
