"""Pages about one's own API tokens: the list, making one, revoking one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts.models import ApiToken
from config.accounts.people_forms import TokenForm
from config.accounts.tokens import make_token
from config.accounts.views import current_user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list with the form for another; the secret of one just made is in the answer, and nowhere else ever again."""
    user, now = current_user(request), timezone.now()
    form = TokenForm(request.POST or None, user=user)
    context: dict[str, object] = {"now": now}
    if form.is_valid():
        made, secret = make_token(
            user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(now),
        )
        form = TokenForm(user=user)
        context |= {"made": made, "secret": secret}
    context |= {"form": form, "tokens": ApiToken.objects.filter(user=user)}
    return render(request, "accounts/tokens.html", context)


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one's own token at once."""
    token = get_object_or_404(ApiToken, pk=token_id, user=current_user(request))
    token.delete()
    messages.success(request, f"The token “{token.name}” was revoked.")
    return redirect("accounts:tokens")
