"""Pages of owners about people: the list, one person, invites; and the page that an invite leads to."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.invites import InviteRefused, NameTaken, accept_invite, make_invite, open_invite
from config.accounts.models import Invite, User
from config.accounts.people import LastOwner, change_person, people_after
from config.accounts.people_forms import InviteForm, JoinForm, PersonForm
from config.accounts.views import BACKEND, current_user
from libraries.models import Library
from libraries.permissions import require_owner

_INVITES_SHOWN = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and the invites that nobody has followed yet."""
    require_owner(request)
    found, following = people_after(request.GET.get("after", "").replace("\0", ""))
    now = timezone.now()
    context = {
        "people": found,
        "following": following,
        "invites": Invite.objects.filter(used_at=None, expires_at__gt=now)[:_INVITES_SHOWN],
        "has_restricted": Library.objects.kept().filter(is_restricted=True).exists(),
        "now": now,
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """What one person is and sees."""
    require_owner(request)
    found = get_object_or_404(User, pk=user_id)
    form = PersonForm(request.POST or None, person=found)
    if form.is_valid():
        try:
            change_person(
                found.pk,
                role=form.cleaned_data["role"],
                is_active=form.cleaned_data["is_active"],
                library_ids=[library.pk for library in form.cleaned_data.get("libraries", [])],
                group_ids=[group.pk for group in form.cleaned_data.get("groups", [])],
            )
        except LastOwner as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{found.username} was changed.")
            return redirect("accounts:people")
    return render(request, "accounts/person.html", {"form": form, "person": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invite; its link is in the answer, and nowhere else ever again."""
    require_owner(request)
    form = InviteForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        made, secret = make_invite(
            note=form.cleaned_data["note"],
            role=form.cleaned_data["role"],
            library_ids=[library.pk for library in form.cleaned_data.get("libraries", [])],
            expires_at=form.expires_at(timezone.now()),
            by=current_user(request),
        )
        link = request.build_absolute_uri(reverse("accounts:join", args=[secret]))
        context |= {"made": made, "link": link}
    return render(request, "accounts/invite.html", context)


@require_POST
def take_back_invite(request: HttpRequest, invite_id: int) -> HttpResponse:
    """Delete an invite that nobody has followed yet."""
    require_owner(request)
    found = get_object_or_404(Invite, pk=invite_id, used_at=None)
    found.delete()
    messages.success(request, "The invite was taken back. Its link makes no account any more.")
    return redirect("accounts:people")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the account of an invite, and sign in."""
    if request.user.is_authenticated:
        messages.warning(request, "You have an account already. An invite is for somebody without one.")
        return redirect("models3d:grid")
    form = JoinForm(request.POST or None)
    try:
        found = open_invite(secret, now=timezone.now())
        if form.is_valid():
            made = accept_invite(
                secret,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password1"],
                now=timezone.now(),
            )
            login(request, made, backend=BACKEND)
            messages.success(request, f"Welcome, {made.username}.")
            return redirect("models3d:grid")
    except InviteRefused as error:
        return render(request, "accounts/join_refused.html", {"sentence": str(error)}, status=404)
    except NameTaken as error:
        form.add_error("username", str(error))
    return render(request, "accounts/join.html", {"form": form, "invite": found})
